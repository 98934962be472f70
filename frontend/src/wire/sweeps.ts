import type { Api } from "./api";
import type { Document, Json } from "./plan";
import type { Columns, Status } from "./types";

/** One field of a document that differs from member to member: its values, or a range. */
export interface Vary {
  path: string;
  values?: Json[] | null;
  low?: number | null;
  high?: number | null;
  log?: boolean;
  step?: number | null;
}

export type Method = "grid" | "random" | "tpe" | "cmaes" | "qmc";

/** Which figure of a member counts, and which way is better. */
export interface Goal {
  series: string;
  direction: "minimize" | "maximize";
  take: "best" | "last";
}

/** Ends members that fall behind the others. */
export interface Prune {
  rule: "median" | "halving";
  after: number;
  every: number;
}

export interface SweepCreate {
  document: Document;
  name?: string | null;
  method: Method;
  vary: Vary[];
  members?: number | null;
  seeds?: number;
  goal?: Goal | null;
  prune?: Prune | null;
}

export interface Best {
  run: string;
  values: Record<string, Json>;
  goal: number;
}

export interface Sweep {
  id: string;
  name: string;
  document: Document;
  method: Method;
  vary: Vary[];
  members: number;
  seeds: number;
  goal: Goal;
  prune: Prune | null;
  status: "running" | "paused" | "finished" | "stopped";
  created_at: string;
  finished_at: string | null;
  counts: Record<string, number>;
  best: Best | null;
  tags: string[];
}

/** One net of a sweep: an ordinary run, with what it has of its own. */
export interface Member {
  run: string;
  index: number;
  /** Members of one setting differ in their seeds alone. */
  setting: number;
  seed: number;
  values: Record<string, Json>;
  status: Status;
  reason: string | null;
  goal: number | string | null;
  step: number;
  epoch: number;
  parameters?: number | null;
}

/** What the seeds of one setting did, step by step. */
export interface SettingBand {
  setting: number;
  values: Record<string, Json>;
  columns: Pick<Columns, "mean" | "min" | "max"> & { step: number[] };
}

export type SweepControl = "pause" | "play" | "stop";

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
