import { Observable } from "../observable";
import { reduce } from "../painting/curves";
import type { State } from "../page/state";
import type { RunView } from "../run/run";
import { type Point, Series } from "../run/series";
import type { Api } from "../wire/api";
import type { RunRow } from "../wire/plan";
import { systemClock } from "../wire/stream";

export type DrawerTab = "tree" | "costs" | "health" | "log";

export const LOWEST = 160;
export const HIGHEST = 480;

/** What the drawer under the columns shows. */
export interface DrawerView {
  tab: DrawerTab | null;
  height: number;
  family: readonly RunRow[];
  /** Validation curves by run, few points each. */
  curves: ReadonlyMap<string, readonly Point[]>;
}

const REFRESH_MS = 3_000;
const SPARK_POINTS = 48;
// Rows that only pass by under the wheel are not asked for.
const SIGHT_MS = 150;

/** The drawer with the tree of runs, the costs of the net and the log of the run. */
export class Drawer {
  readonly view = new Observable<DrawerView>({
    tab: null,
    height: 280,
    family: [],
    curves: new Map(),
  });
  private run: RunView | null = null;
  private forget: () => void = () => undefined;
  private forgetSight: () => void = () => undefined;
  private seen: ReadonlySet<string> = new Set();
  /** Up to which step the curve of a run is known. */
  private readonly drawn = new Map<string, number>();

  constructor(
    state: Observable<State>,
    private readonly api: Pick<Api, "tree" | "metrics">,
    private readonly guard: (act: () => Promise<void>) => void,
    private readonly clock = systemClock,
  ) {
    state.subscribe(({ run, guest }) => this.follow(guest ? null : run));
  }

  /** Opens a tab, or closes the drawer where that one is open. */
  toggle(tab: DrawerTab): void {
    this.change({ tab: this.view.value.tab === tab ? null : tab });
    this.refresh();
  }

  close(): void {
    this.change({ tab: null });
    this.forget();
  }

  resize(height: number): void {
    this.change({ height: Math.max(LOWEST, Math.min(HIGHEST, Math.round(height))) });
  }

  /** The rows on the screen, whose curves are wanted. */
  see(runs: readonly string[]): void {
    this.seen = new Set(runs);
    this.forgetSight();
    this.forgetSight = this.clock.after(SIGHT_MS, () => this.guard(() => this.learnCurves()));
  }

  private follow(run: RunView | null): void {
    const other = run?.id !== this.run?.id || run?.status !== this.run?.status;
    this.run = run;
    if (!run) this.empty();
    else if (other) this.refresh();
  }

  private empty(): void {
    this.drawn.clear();
    this.change({ family: [], curves: new Map() });
  }

  private refresh(): void {
    this.forget();
    if (this.view.value.tab === "tree" && this.run) this.guard(() => this.learn());
  }

  private async learn(): Promise<void> {
    const { run } = this;
    if (!run) return;
    const family = await this.api.tree(run.id);
    if (this.run?.id !== run.id) return;
    this.change({ family });
    await this.learnCurves();
    if (family.some(({ status }) => status === "running" || status === "queued")) {
      this.forget = this.clock.after(REFRESH_MS, () => this.refresh());
    }
  }

  private async learnCurves(): Promise<void> {
    const wanted = this.view.value.family.filter(
      ({ id, step }) => this.seen.has(id) && this.drawn.get(id) !== step,
    );
    if (!wanted.length) return;
    for (const { id, step } of wanted) this.drawn.set(id, step);
    const found = await Promise.all(
      wanted.map(async ({ id }) => [id, await this.curve(id)] as const),
    );
    this.change({ curves: new Map([...this.view.value.curves, ...found]) });
  }

  private async curve(run: string): Promise<Point[]> {
    const columns = (await this.api.metrics(run))["validation/loss"];
    const series = new Series();
    if (columns) series.add(columns);
    return reduce(series.points, SPARK_POINTS);
  }

  private change(change: Partial<DrawerView>): void {
    this.view.update((view) => ({ ...view, ...change }));
  }
}
