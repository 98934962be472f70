import type { Api } from "./api";
import type { Document, Json, Problem } from "./plan";
import type {
  BandColumns,
  Goal as AnyGoal,
  Range,
  Status,
  SweepBand,
  SweepControl as Asked,
  SweepCreate as AnyCreate,
  SweepMember,
  SweepPublic,
} from "./types";

/** One field of a document that differs from member to member: its values, or a range. */
export interface Vary extends Partial<Range> {
  path: string;
  values?: Json[];
}

export type Method = SweepPublic["method"];

/** Which figure of a member counts, and which way is better. */
export type Goal = Required<AnyGoal>;

export interface SweepCreate extends Omit<AnyCreate, "document" | "vary"> {
  document: Document;
  vary: Vary[];
}

/** Values that a search chose and that no net can be made of. */
interface Refused {
  setting: number;
  values: Record<string, Json>;
  problems: Problem[];
}

/** A sweep with its document and fields in their own types. */
export interface Sweep extends Omit<
  SweepPublic,
  "document" | "vary" | "goal" | "counts" | "refused"
> {
  refused: Refused[];
  document: Document;
  vary: Vary[];
  goal: Goal;
  counts: Partial<Record<string, number>>;
}

/** One net of a sweep: an ordinary run, with what it has of its own. */
export interface Member extends Omit<SweepMember, "values" | "status"> {
  values: Record<string, Json>;
  status: Status;
}

/** What the seeds of one setting did, step by step. */
export interface SettingBand extends Pick<SweepBand, "setting"> {
  columns: Pick<BandColumns, "step" | "mean" | "min" | "max">;
}

export type SweepControl = Asked["action"];

const POINTS = 200;

/** What is asked of the service about sweeps. */
export class SweepsApi {
  constructor(private readonly api: Pick<Api, "send" | "keyed">) {}

  make(body: SweepCreate): Promise<Sweep> {
    return this.read("/sweeps", "POST", body, this.api.keyed());
  }

  list(cursor: string | null): Promise<{ sweeps: Sweep[]; next: string | null }> {
    const query = cursor ? `?cursor=${encodeURIComponent(cursor)}` : "";
    return this.read(`/sweeps${query}`, "GET");
  }

  sweep(id: string): Promise<Sweep> {
    return this.read(`/sweeps/${id}`, "GET");
  }

  async members(id: string): Promise<Member[]> {
    const path = `/sweeps/${id}/members?order=index`;
    return (await this.read<{ members: Member[] }>(path, "GET")).members;
  }

  /** The course of a series in every setting. */
  async bands(id: string, series: string): Promise<SettingBand[]> {
    const query = `series=${encodeURIComponent(series)}&points=${POINTS}`;
    const path = `/sweeps/${id}/metrics?${query}`;
    return (await this.read<{ settings: SettingBand[] }>(path, "GET")).settings;
  }

  control(id: string, action: SweepControl): Promise<Sweep> {
    return this.read(`/sweeps/${id}/control`, "POST", { action });
  }

  rename(id: string, name: string): Promise<Sweep> {
    return this.read(`/sweeps/${id}`, "PATCH", { name });
  }

  async remove(id: string): Promise<void> {
    await this.api.send(`/sweeps/${id}`, "DELETE");
  }

  /** How many members a sweep may have here. */
  async most(): Promise<number | null> {
    const limits = await this.read<Record<string, unknown>>("/limits", "GET");
    const most = limits["sweep_members"];
    return typeof most === "number" ? most : null;
  }

  private async read<T>(
    path: string,
    method: string,
    body?: unknown,
    extra: Record<string, string> = {},
  ): Promise<T> {
    return (await this.api.send(path, method, body, undefined, extra)).json() as Promise<T>;
  }
}
