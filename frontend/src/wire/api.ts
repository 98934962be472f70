import { decodeFrame, type Picture } from "./frame";
import type { Language } from "../words/words";
import type { Catalogue, DatasetEntry, Schema } from "./catalogue";
import {
  closed,
  type Document,
  type Plan,
  type Preset,
  type Problem,
  type RunRow,
  type ZooEntry,
} from "./plan";
import type {
  CheckpointPublic,
  Checkpoints,
  Columns,
  Control,
  Probe,
  RunCreate,
  RunFork,
  RunPatch,
  ShareCreated,
  SharePublic,
} from "./types";

const ROOT = "/api/v1";
const ACCEPTED = 202;
const MOST_POINTS = 1_000;
const LAUNCH_TIMEOUT_MS = 10_000;

/** What the service said no to: the problem document of RFC 9457 with all its problems. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly problems: Problem[],
    readonly request: string | null,
    title: string,
  ) {
    super(title);
  }
}

/** The service did not answer at all. */
export class Unreachable extends Error {}

/** Every HTTP call the page makes; fetching stands here and nowhere else. */
export class Api {
  /** `open` adds to the path of a run what lets a guest read it. */
  constructor(
    private readonly language: () => string,
    private readonly open: (path: string) => string = (path) => path,
  ) {}

  async plan(document: Document, signal?: AbortSignal): Promise<Plan> {
    return closed(await this.post<Plan>("/plan", document, signal));
  }

  /** A picture of an untrained net; null where no worker was awake within `seconds`. */
  inspect(
    document: Document,
    probe: Probe,
    seconds: number,
    signal?: AbortSignal,
  ): Promise<Picture | null> {
    return this.picture("/inspect", { document, probe }, seconds, signal);
  }

  /** A picture of a run; null where no worker was awake within `seconds`. */
  inspectRun(run: string, probe: Probe, seconds: number, step?: number): Promise<Picture | null> {
    const body = step === undefined ? { probe } : { probe, step };
    return this.picture(this.open(`/runs/${run}/inspect`), body, seconds);
  }

  async create(body: RunCreate): Promise<RunRow> {
    const answer = await this.send("/runs", "POST", body, undefined, this.keyed());
    return answer.json() as Promise<RunRow>;
  }

  /** A child of a run, from its newest kept state at or before `step`. */
  async fork(run: string, body: RunFork): Promise<RunRow> {
    const answer = await this.send(`/runs/${run}/fork`, "POST", body, undefined, this.keyed());
    return answer.json() as Promise<RunRow>;
  }

  /** The series of a run, thinned to what a chart can show. */
  async metrics(run: string): Promise<Record<string, Columns>> {
    const path = this.open(`/runs/${run}/metrics?points=${MOST_POINTS}`);
    return (await this.get<{ series: Record<string, Columns> }>(path)).series;
  }

  /** A run with its ancestors and all that came of them, oldest first. */
  async tree(run: string): Promise<RunRow[]> {
    return (await this.get<{ runs: RunRow[] }>(`/runs/${run}/tree`)).runs;
  }

  /** The steps at which the state of a run is kept. */
  async checkpoints(run: string): Promise<CheckpointPublic[]> {
    return (await this.get<Checkpoints>(this.open(`/runs/${run}/checkpoints`))).checkpoints;
  }

  async control(run: string, control: Control): Promise<void> {
    await this.send(`/runs/${run}/control`, "POST", control);
  }

  run(run: string): Promise<RunRow> {
    return this.get<RunRow>(this.open(`/runs/${run}`));
  }

  /** A page of the list of runs, by its filters. */
  runs(query: URLSearchParams): Promise<{ runs: RunRow[]; next: string | null }> {
    return this.get(`/runs?${query.toString()}`);
  }

  async change(run: string, patch: RunPatch): Promise<RunRow> {
    return (await this.send(`/runs/${run}`, "PATCH", patch)).json() as Promise<RunRow>;
  }

  async remove(run: string): Promise<void> {
    await this.send(`/runs/${run}`, "DELETE");
  }

  async shares(run: string): Promise<SharePublic[]> {
    return (await this.get<{ shares: SharePublic[] }>(`/runs/${run}/shares`)).shares;
  }

  /** A link to a run for so many days; for good where `days` is null. */
  share(run: string, days: number | null): Promise<ShareCreated> {
    return this.post<ShareCreated>(`/runs/${run}/shares`, { days });
  }

  async unshare(run: string, share: string): Promise<void> {
    await this.send(`/runs/${run}/shares/${share}`, "DELETE");
  }

  /** A document as a PyTorch script. */
  async script(document: Document): Promise<string> {
    return (await this.send("/export", "POST", { document, format: "pytorch" })).text();
  }

  /** A run as a file of one of the formats that the service writes, and what it is called. */
  async file(run: string, format: string): Promise<{ name: string | null; body: Blob }> {
    const answer = await this.send(`/runs/${run}/export?format=${format}`, "GET");
    const named = /filename\*=UTF-8''([^;]+)/.exec(answer.headers.get("Content-Disposition") ?? "");
    return { name: named?.[1] ? decodeURIComponent(named[1]) : null, body: await answer.blob() };
  }

  async presets(): Promise<Preset[]> {
    return (await this.get<{ presets: Preset[] }>("/presets")).presets;
  }

  /** Published networks as documents. */
  async zoo(): Promise<ZooEntry[]> {
    return (await this.get<{ networks: ZooEntry[] }>("/zoo")).networks;
  }

  /** Every layer, optimizer and loss with its fields. */
  catalogue(language: Language): Promise<Catalogue> {
    return this.get<Catalogue>(`/layers?language=${language}`);
  }

  /** The language as a JSON schema. */
  schema(): Promise<Schema> {
    return this.get<Schema>(`/schema?language=${this.language()}`);
  }

  async datasets(): Promise<DatasetEntry[]> {
    return (await this.get<{ datasets: DatasetEntry[] }>("/datasets")).datasets;
  }

  /** The service's own sentences by code. */
  async words(language: string): Promise<Record<string, string>> {
    const path = `/words?language=${language}`;
    return (await this.get<{ words: Record<string, string> }>(path)).words;
  }

  /** Swaps the code of the start link for a session cookie. */
  async launch(code: string): Promise<void> {
    await this.send("/launch", "POST", { code }, AbortSignal.timeout(LAUNCH_TIMEOUT_MS));
  }

  private async picture(
    path: string,
    body: unknown,
    seconds: number,
    signal?: AbortSignal,
  ): Promise<Picture | null> {
    const prefer = { Prefer: `respond-async, wait=${seconds}` };
    const answer = await this.send(path, "POST", body, signal, prefer);
    return answer.status === ACCEPTED ? null : decodeFrame(await answer.arrayBuffer());
  }

  private async get<T>(path: string): Promise<T> {
    return (await this.send(path, "GET")).json() as Promise<T>;
  }

  private async post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
    return (await this.send(path, "POST", body, signal)).json() as Promise<T>;
  }

  /** The head by which a request that is sent twice is carried out once. */
  keyed(): Record<string, string> {
    return { "Idempotency-Key": idempotencyKey() };
  }

  /** One call, with its refusals told as such. */
  async send(
    path: string,
    method: string,
    body?: unknown,
    signal?: AbortSignal,
    extra: Record<string, string> = {},
  ): Promise<Response> {
    const headers: Record<string, string> = { "Accept-Language": this.language(), ...extra };
    const request: RequestInit = { method, headers, credentials: "same-origin" };
    if (signal) request.signal = signal;
    if (body !== undefined) {
      headers["Content-Type"] = "application/json";
      request.body = JSON.stringify(body);
    }
    const answer = await reach(ROOT + path, request);
    if (!answer.ok) throw await refusal(answer);
    return answer;
  }
}

/** A key that no other request has; `randomUUID` is missing on plain http off the own machine. */
function idempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function reach(address: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(address, request);
  } catch (reason) {
    if (request.signal?.aborted) throw reason;
    throw new Unreachable(String(reason));
  }
}

async function refusal(answer: Response): Promise<Refused> {
  const text = await answer.text();
  const body = parsed(text);
  const problems = Array.isArray(body["problems"]) ? (body["problems"] as Problem[]) : [];
  const title = String(body["text"] ?? body["detail"] ?? body["title"] ?? answer.statusText);
  const request = typeof body["request"] === "string" ? body["request"] : null;
  return new Refused(answer.status, problems, request, title);
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return { title: text.slice(0, 200) };
  }
}
