import { Observable } from "../observable";
import { isFinal } from "../run/run";
import { type Api, Refused, Unreachable } from "../wire/api";
import type { RunRow } from "../wire/plan";
import type { Listener, Stream } from "../wire/stream";
import type { RunEvent, RunPatch } from "../wire/types";
import type { Notice } from "../page/state";
import { type Comparison, readPair, type Side } from "./comparison";
import { askFor, type Filters, NO_FILTERS, readFilters, writeFilters } from "./filters";
import { withEvents } from "./row";

export interface Listing {
  filters: Filters;
  /** Null until the first answer. */
  rows: RunRow[] | null;
  /** The cursor of the next page; null at the end. */
  next: string | null;
  loading: boolean;
  /** The runs to be compared, at most two. */
  chosen: string[];
  comparison: Comparison | null;
  notice: Notice | null;
}

const EMPTY: Listing = {
  filters: NO_FILTERS,
  rows: null,
  next: null,
  loading: false,
  chosen: [],
  comparison: null,
  notice: null,
};
// The service follows 64 runs for one connection; those further down come with the next reading.
const MOST_FOLLOWED = 60;
const REDRAW_MS = 250;
const COMPARE_MS = 2_000;

/** What the list asks of the service and of the browser. */
export interface Around {
  api: Pick<Api, "runs" | "run" | "metrics" | "change" | "remove" | "control">;
  openStream(listener: Listener): Stream;
  go(address: string): void;
}

/** The list of runs: pages by filters, rows that follow their runs, two of them side by side. */
export class RunList {
  readonly state = new Observable<Listing>(EMPTY);
  private stream: Stream | null = null;
  private waiting: RunEvent[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;

  constructor(private readonly around: Around) {}

  /** Shows what an address says. */
  async open(query: URLSearchParams): Promise<void> {
    const pair = readPair(query);
    if (pair) return this.compare(pair);
    this.change({ filters: readFilters(query), comparison: null, notice: null });
    await this.read(null);
  }

  /** Nobody looks at the list any more. */
  close(): void {
    this.stream?.close();
    this.stream = null;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.waiting = [];
  }

  filter(change: Partial<Filters>): void {
    const query = writeFilters({ ...this.state.value.filters, ...change });
    this.around.go(query.size ? `/runs?${query.toString()}` : "/runs");
  }

  async more(): Promise<void> {
    const { next } = this.state.value;
    if (next) await this.read(next);
  }

  async rename(run: string, name: string): Promise<void> {
    await this.patch(run, { name });
  }

  async tag(run: string, tags: string[]): Promise<void> {
    await this.patch(run, { tags });
  }

  async pin(run: string, pinned: boolean): Promise<void> {
    await this.patch(run, { pinned });
  }

  async stop(run: string): Promise<void> {
    await this.guard(() => this.around.api.control(run, { action: "stop" }));
  }

  async remove(run: string): Promise<void> {
    await this.guard(async () => {
      await this.around.api.remove(run);
      this.stream?.leave(run);
      const { rows, chosen } = this.state.value;
      this.change({
        rows: rows?.filter(({ id }) => id !== run) ?? null,
        chosen: chosen.filter((id) => id !== run),
      });
    });
  }

  /** Chooses a run to be compared, or lets go of it; a third takes the place of the first. */
  choose(run: string): void {
    const { chosen } = this.state.value;
    const others = chosen.filter((id) => id !== run);
    this.change({ chosen: others.length < chosen.length ? others : [...others, run].slice(-2) });
  }

  private async compare([first, second]: readonly [string, string]): Promise<void> {
    this.close();
    this.change({ comparison: null, notice: null, chosen: [first, second] });
    await this.guard(async () => {
      const sides = await Promise.all([this.side(first), this.side(second)]);
      this.change({ comparison: { sides } });
      this.lookAgain(sides);
    });
  }

  /** Asks again for those of the compared that still train, until another page is opened. */
  private lookAgain(before: Comparison["sides"]): void {
    if (before.every(({ row }) => isFinal(row.status))) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      void this.guard(async () => {
        const again = (side: Side) => (isFinal(side.row.status) ? side : this.side(side.row.id));
        const sides = await Promise.all([again(before[0]), again(before[1])]);
        if (this.state.value.comparison?.sides !== before || this.timer === undefined) return;
        this.change({ comparison: { sides } });
        this.lookAgain(sides);
      });
    }, COMPARE_MS);
  }

  private async side(run: string): Promise<Side> {
    const { api } = this.around;
    const [row, series] = await Promise.all([api.run(run), api.metrics(run)]);
    return { row, series };
  }

  private async read(cursor: string | null): Promise<void> {
    const asked = (this.asked += 1);
    this.change({ loading: true, notice: null });
    await this.guard(async () => {
      const page = await this.around.api.runs(askFor(this.state.value.filters, cursor));
      if (asked !== this.asked) return;
      const before = cursor ? (this.state.value.rows ?? []) : [];
      this.change({ rows: [...before, ...page.runs], next: page.next });
      this.follow(cursor === null);
    });
    if (asked === this.asked) this.change({ loading: false });
  }

  private follow(anew: boolean): void {
    if (anew) this.close();
    const living = (this.state.value.rows ?? []).filter(({ status }) => !isFinal(status));
    if (!living.length) return;
    this.stream ??= this.around.openStream({
      events: (_, events) => this.take(events),
      live: () => undefined,
      picture: () => undefined,
      connection: () => undefined,
      refused: () => undefined,
    });
    for (const { id, last_event } of living.slice(0, MOST_FOLLOWED)) {
      this.stream.follow(id, last_event);
    }
  }

  /** Events come faster than a table is read. */
  private take(events: RunEvent[]): void {
    this.waiting.push(...events);
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const came = grouped(this.waiting);
      this.waiting = [];
      const rows = this.state.value.rows?.map((row) => withEvents(row, came.get(row.id) ?? []));
      this.change({ rows: rows ?? null });
    }, REDRAW_MS);
  }

  private async patch(run: string, patch: RunPatch): Promise<void> {
    await this.guard(async () => {
      const { name, tags, pinned, scratch, expires_at } = await this.around.api.change(run, patch);
      const rows = this.state.value.rows?.map((row) =>
        row.id === run ? { ...row, name, tags, pinned, scratch, expires_at } : row,
      );
      this.change({ rows: rows ?? null });
    });
  }

  private change(change: Partial<Listing>): void {
    this.state.update((state) => ({ ...state, ...change }));
  }

  private async guard(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (reason) {
      if (!(reason instanceof Refused || reason instanceof Unreachable)) throw reason;
      const refused = reason instanceof Refused;
      const text = refused ? reason.message : "";
      this.change({ notice: { text, request: refused ? reason.request : null } });
    }
  }
}

function grouped(events: readonly RunEvent[]): Map<string, RunEvent[]> {
  const found = new Map<string, RunEvent[]>();
  for (const event of events) found.set(event.run, [...(found.get(event.run) ?? []), event]);
  return found;
}
