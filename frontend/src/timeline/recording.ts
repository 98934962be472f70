import type { Clock } from "../wire/stream";

// Faster than this nothing is seen, slower nothing seems to move.
const SHORTEST_MS = 40;
const LONGEST_MS = 1_000;
const UNLIMITED_MS = 60;

/** Plays moments one after another at the speed at which they were trained. */
export class Recording {
  playing = false;
  private forget: () => void = () => undefined;

  /** `next` shows the next moment and answers how many steps it went on, null at the end. */
  constructor(
    private readonly clock: Clock,
    private readonly on: { next(): number | null; stopped(): void },
  ) {}

  /** `stepsPerSecond` 0 is without a limit. */
  start(stepsPerSecond: number): void {
    this.stop();
    this.playing = true;
    this.wait(0, stepsPerSecond);
  }

  stop(): void {
    this.forget();
    this.playing = false;
  }

  private wait(steps: number, stepsPerSecond: number): void {
    this.forget = this.clock.after(pause(steps, stepsPerSecond), () => {
      const gone = this.on.next();
      if (gone !== null) return this.wait(gone, stepsPerSecond);
      this.playing = false;
      this.on.stopped();
    });
  }
}

function pause(steps: number, stepsPerSecond: number): number {
  if (!stepsPerSecond) return UNLIMITED_MS;
  return Math.max(SHORTEST_MS, Math.min(LONGEST_MS, (1_000 * steps) / stepsPerSecond));
}
