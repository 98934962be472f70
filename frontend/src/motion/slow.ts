import { oneBatch } from "../actions/step";
import { slow } from "../actions/slow";
import { Observable } from "../observable";
import type { Session } from "../page/session";
import type { State } from "../page/state";
import type { Picture } from "../wire/frame";
import type { Questions } from "../wire/questions";
import { type Batch, batchOf } from "./batch";

export type Phase = "forward" | "loss" | "backward" | "update";

/** The order of what happens in one batch, and how many milliseconds each is shown for. */
export const PHASES: readonly { phase: Phase; ms: number }[] = [
  { phase: "forward", ms: 600 },
  { phase: "loss", ms: 300 },
  { phase: "backward", ms: 600 },
  { phase: "update", ms: 400 },
];
const WHOLE_MS = PHASES.reduce((sum, { ms }) => sum + ms, 0);
const FRAME_MS = 16;
// A page that was away for longer goes on where it was, not where it would be.
const LONGEST_FRAME_MS = 100;
// What has to be done before a run can be asked for its next batch.
const BEFORE = "before ";
const BEGINS = `${BEFORE}there is a run`;

/** A batch on its way: how far it is, and whether it moves. */
export interface Motion {
  batch: Batch;
  elapsed: number;
  /** Shown as four stills, for those who want nothing to move. */
  stills: boolean;
}

export interface Moment {
  phase: Phase;
  /** How much of it is over, 0 to 1. */
  share: number;
}

/** What is shown after so many milliseconds. */
export function momentAt(elapsed: number): Moment {
  let start = 0;
  for (const { phase, ms } of PHASES) {
    if (elapsed < start + ms) return { phase, share: (elapsed - start) / ms };
    start += ms;
  }
  return { phase: "update", share: 1 };
}

export interface SlowSurroundings {
  session: Pick<Session, "state" | "show" | "carryOut" | "guard">;
  questions: Pick<Questions, "inspectRun">;
  now(): number;
  /** Calls again and again until the returned function is called. */
  every(milliseconds: number, call: () => void): () => void;
  prefersStills(): boolean;
}

/**
 * One batch in slow motion: its numbers are asked for before it is taken, shown while `slow` is
 * wanted, and then the batch is taken. What goes on meanwhile ends it untaken.
 */
export class SlowMotion {
  readonly state = new Observable<Motion | null>(null);
  private asked: string | null = null;
  /** A batch is to be shown; one for which the key was only touched is shown at rest. */
  private sought = false;
  /** The moment whose batch has been taken, until the run has gone on from it. */
  private taken: string | null = null;
  private stopTicking: (() => void) | null = null;
  private last = 0;

  constructor(private readonly around: SlowSurroundings) {
    around.session.state.subscribe((state) => this.follow(state));
  }

  /** A key came up. */
  release(key: string): void {
    if (slow.keys.includes(key.toLowerCase())) this.want(false);
  }

  /** The next still; after the last one the batch is taken. */
  next(): void {
    const motion = this.state.value;
    if (!motion) return;
    const { phase } = momentAt(motion.elapsed);
    const at = PHASES.findIndex((each) => each.phase === phase);
    if (at === PHASES.length - 1) return this.take();
    this.state.set({ ...motion, elapsed: endOf(at + 1) });
  }

  /** Goes away; the batch is not taken. */
  end(): void {
    this.halt();
    this.asked = null;
    this.sought = false;
    this.state.set(null);
    this.want(false);
  }

  private follow(state: State): void {
    const motion = this.state.value;
    const { run } = state;
    if (motion && !stands(motion.batch, state)) return this.end();
    if (!state.slow) this.halt();
    else if (motion) return this.go(motion);
    else this.sought = true;
    if (!this.sought) return;
    if (!slow.enabled(state)) return this.end();
    if (!run) this.begin();
    else if (run.status === "running" || run.status === "queued") this.pause(run.id);
    else if (run.live && ![this.asked, this.taken].includes(key(run))) this.ask(run.id, key(run));
  }

  /** A draft becomes a run that rests before its first step. */
  private begin(): void {
    if (this.asked === BEGINS) return;
    this.asked = BEGINS;
    this.around.session.carryOut({ do: "create", start: "paused" });
  }

  private pause(run: string): void {
    if (this.asked === BEFORE + run) return;
    this.asked = BEFORE + run;
    this.around.session.carryOut({ do: "control", control: { action: "pause" } });
  }

  private ask(run: string, name: string): void {
    this.asked = name;
    void this.around.session.guard(async () => {
      const picture = await this.answered(run);
      if (this.asked === name && picture) this.show(picture);
    });
  }

  private async answered(run: string): Promise<Picture | null> {
    try {
      return await this.around.questions.inspectRun(run, { kind: "batch" });
    } catch (reason) {
      this.end();
      throw reason;
    }
  }

  private show(picture: Picture): void {
    const batch = batchOf(picture);
    this.asked = null;
    this.sought = false;
    if (!stands(batch, this.around.session.state.value)) return this.want(false);
    const stills = this.around.prefersStills();
    const motion = { batch, elapsed: stills ? endOf(0) : 0, stills };
    this.state.set(motion);
    if (this.around.session.state.value.slow) this.go(motion);
  }

  private go({ stills }: Motion): void {
    if (this.stopTicking || stills) return;
    this.last = this.around.now();
    this.stopTicking = this.around.every(FRAME_MS, () => this.tick());
  }

  private tick(): void {
    const motion = this.state.value;
    if (!motion) return this.halt();
    const now = this.around.now();
    const elapsed = motion.elapsed + Math.min(LONGEST_FRAME_MS, now - this.last);
    this.last = now;
    if (elapsed >= WHOLE_MS) return this.take();
    this.state.set({ ...motion, elapsed });
  }

  /** The batch that was shown is the next one of the run. */
  private take(): void {
    this.end();
    const { state } = this.around.session;
    const { run } = state.value;
    this.taken = run && key(run);
    if (oneBatch.enabled(state.value)) {
      this.around.session.carryOut(oneBatch.perform(state.value));
    }
  }

  private halt(): void {
    this.stopTicking?.();
    this.stopTicking = null;
  }

  private want(wanted: boolean): void {
    if (this.around.session.state.value.slow !== wanted) this.around.session.show({ slow: wanted });
  }
}

/** Just before the end of a phase: all of it is seen. */
function endOf(phase: number): number {
  return PHASES.slice(0, phase + 1).reduce((sum, { ms }) => sum + ms, 0) - 1;
}

function key(run: { id: string; step: number }): string {
  return `${run.id} ${run.step}`;
}

/** Whether this batch is still the next one of what is on the page. */
function stands({ run: id, step }: Batch, { run, past }: State): boolean {
  return run?.id === id && run.step === step && run.status !== "running" && !past;
}
