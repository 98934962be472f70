import type { State } from "../page/state";
import { isFinal } from "../run/run";
import type { Changes } from "../wire/types";
import { type Clock, systemClock } from "../wire/stream";

/** Steps a second that the eye can follow one by one. */
const SLOW = 4;
// A Shift that begins a combination of keys is followed by the other key sooner than this.
const HOLD_MS = 200;

/** A running run goes slowly for as long as Shift is held down, then as fast as before. */
export class Slowing {
  private forget: (() => void) | null = null;
  private slowed: { run: string; before: number } | null = null;

  constructor(
    private readonly state: () => State,
    private readonly tune: (changes: Changes) => void,
    private readonly clock: Clock = systemClock,
  ) {}

  /** A key went down; any other than Shift alone means something else. */
  press(key: string): void {
    if (key !== "Shift") return this.cancel();
    if (this.forget || this.slowed) return;
    this.forget = this.clock.after(HOLD_MS, () => this.begin());
  }

  /** A key came up, or the page lost the keyboard. */
  release(key: string): void {
    if (key !== "Shift") return;
    this.cancel();
    const { slowed } = this;
    const { run } = this.state();
    this.slowed = null;
    if (slowed && run?.id === slowed.run && !isFinal(run.status)) {
      this.tune({ speed: slowed.before });
    }
  }

  private begin(): void {
    this.forget = null;
    const { run, page } = this.state();
    if (page !== "play" || run?.status !== "running") return;
    this.slowed = { run: run.id, before: run.changes.speed ?? 0 };
    this.tune({ speed: SLOW });
  }

  private cancel(): void {
    this.forget?.();
    this.forget = null;
  }
}
