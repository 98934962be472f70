import type { State } from "../page/state";
import type { Timeline } from "../timeline/timeline";
import type { Api } from "../wire/api";
import type { RunRow } from "../wire/plan";
import type { Stream } from "../wire/stream";
import type { Control } from "../wire/types";
import { keptBefore, pastOf } from "./past";
import { Orders } from "./orders";
import { isFinal, Run } from "./run";

const QUEUE_LOOK_MS = 1_000;

/** What stands around the run on show. */
export interface Around {
  api: Pick<Api, "run" | "metrics" | "checkpoints" | "control">;
  stream(): Pick<Stream, "follow" | "leave">;
  timeline(): Timeline;
  /** Asks for its pictures. */
  look(): void;
  change(change: Partial<State>): void;
  guard(act: () => Promise<void>): Promise<void>;
}

/** What becomes of a run that the page lets go of. */
export type Parting = "pause" | "stop" | "nothing";
export type Leaving = (run: Run, parting: Parting) => void;

/** The run on show, from the moment it is taken up until it is left: what it tells and is told. */
export class Attendance {
  private readonly told: Leaving[] = [];
  private shown: Run | null = null;
  private readonly orders: Orders;

  constructor(private readonly around: Around) {
    const { api, guard } = around;
    this.orders = new Orders((run, control) => guard(() => api.control(run, control)));
  }

  get run(): Run | null {
    return this.shown;
  }

  /** When all that was asked of runs has been taken: one after the other, in their order. */
  get settled(): Promise<void> {
    return this.orders.settled;
  }

  /** Tells of each run as the page lets go of it. */
  onLeave(tell: Leaving): void {
    this.told.push(tell);
  }

  take(row: RunRow): void {
    const { around } = this;
    this.shown = Run.of(row);
    around.timeline().open(this.shown, row);
    around.change({ ...around.timeline().follow(this.shown), backTo: null });
    if (row.parent_step != null) void around.guard(() => this.recall(row));
    around.stream().follow(row.id);
    if (!isFinal(row.status)) around.look();
    this.lookAtQueue(row.id);
  }

  leave(parting: Parting): void {
    const run = this.shown;
    if (!run) return;
    const { id, status } = run.view;
    const goesOn = status === "running" || status === "queued";
    if (parting === "stop" ? !isFinal(status) : parting === "pause" && goesOn) {
      this.control({ action: parting as "pause" | "stop" });
    }
    this.around.stream().leave(id);
    for (const tell of this.told) tell(run, parting);
    this.shown = null;
    this.around.timeline().close();
    this.around.change({ run: null, past: null });
  }

  control(control: Control): void {
    const id = this.shown?.view.id;
    if (id !== undefined) this.orders.add(id, control);
  }

  /** Takes in what is told of a run, if it is the one on show. */
  hear(id: string, tell: (run: Run) => void): void {
    const run = this.shown;
    if (run?.view.id !== id) return;
    const { api, change, guard, look, timeline } = this.around;
    const before = run.view;
    tell(run);
    change(timeline().follow(run));
    const completed = !before.live || before.status !== run.view.status;
    // Of a run at its end nobody sends frames: its last pictures are asked for.
    if (completed && run.view.live && isFinal(run.view.status)) look();
    const { divergedAt } = run.view;
    if (divergedAt === null || before.divergedAt !== null) return;
    void guard(async () => {
      const backTo = await keptBefore(id, divergedAt, api);
      if (this.shown === run) change({ backTo });
    });
  }

  /** Draws a fork and what came before it as one curve. */
  private async recall(row: RunRow): Promise<void> {
    const past = await pastOf(row, this.around.api);
    this.hear(row.id, (run) => run.precede(past));
    if (this.shown?.view.id === row.id) this.around.timeline().precede(past);
  }

  private lookAtQueue(id: string): void {
    setTimeout(() => void this.around.guard(() => this.refreshQueue(id)), QUEUE_LOOK_MS);
  }

  private async refreshQueue(id: string): Promise<void> {
    if (this.shown?.view.id !== id || this.shown.view.status !== "queued") return;
    const row = await this.around.api.run(id);
    this.hear(id, (run) => run.setQueue(row.queue?.ahead ?? null));
    this.lookAtQueue(id);
  }
}
