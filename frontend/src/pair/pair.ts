import { Observable } from "../observable";
import type { Session } from "../page/session";
import type { State } from "../page/state";
import { isFinal, type Run } from "../run/run";
import type { Api } from "../wire/api";
import { Beside, type BesideSurroundings } from "./beside";

export interface PairSurroundings extends BesideSurroundings {
  session: BesideSurroundings["session"] & Pick<Session, "follow" | "attendance">;
  api: BesideSurroundings["api"] & Pick<Api, "run" | "control">;
  /** Writes the address of what is on the page. */
  address(path: string): void;
}

/** A and, while it has one, the run of the same job that stands beside it. */
export class Pair {
  /** The state of B; null while there is none. */
  readonly state = new Observable<State | null>(null);
  private b: Beside | null = null;
  private wanted: string | null = null;
  /** Runs that were decided against: theirs is no place beside another any more. */
  private readonly dropped = new Set<string>();

  constructor(private readonly around: PairSurroundings) {
    around.session.state.subscribe((state) => this.followA(state));
    // A stop is each run's own, and who resets A wants nothing of B either.
    around.session.attendance.onLeave((_, parting) => {
      if (parting === "stop" && this.b) void this.stop(this.b.id, this.b.isOver);
    });
  }

  get beside(): Beside | null {
    return this.b;
  }

  get isOn(): boolean {
    return this.b !== null;
  }

  get changed(): ReadonlySet<string> {
    return this.b?.changed ?? new Set();
  }

  curve(name: string): ReturnType<Run["curve"]> {
    return this.b?.curve(name);
  }

  drawn(): void {
    this.b?.drawn();
  }

  /** B is what is wanted: A ends, and B is the run on show. */
  async keepB(): Promise<void> {
    const { run } = this.around.session.state.value;
    const id = this.b?.id;
    if (!id || !run) return;
    this.dropped.add(run.id);
    // First B is on show: of a run that ends on the page, the last pictures would be asked for.
    await this.around.session.follow(id);
    this.around.address(`/runs/${id}`);
    await this.stop(run.id, isFinal(run.status));
  }

  /** A was better: B ends, and A goes on alone. */
  async keepA(): Promise<void> {
    if (!this.b) return;
    const { id, isOver } = this.b;
    this.dropped.add(id);
    this.end();
    await this.stop(id, isOver);
  }

  private async stop(id: string, over: boolean): Promise<void> {
    if (over) return;
    await this.around.session.guard(async () => {
      await this.around.api.control(id, { action: "stop" });
    });
  }

  private followA({ run }: State): void {
    const beside = run?.beside[0] ?? null;
    if (beside === this.wanted) return;
    this.end();
    this.wanted = beside;
    if (beside && !this.dropped.has(beside)) {
      void this.around.session.guard(() => this.begin(beside));
    }
  }

  private async begin(id: string): Promise<void> {
    const row = await this.around.api.run(id);
    if (this.wanted !== id || row.status === "stopped") return;
    const b = new Beside(this.around, row);
    this.b = b;
    // It hears once more of the A that it was beside, after it has ended.
    b.state.subscribe((state) => {
      if (this.b === b) this.state.set(state);
    });
  }

  private end(): void {
    this.b?.close();
    this.b = null;
    this.state.set(null);
  }
}
