import type { Pair } from "./two";

interface Step {
  step: number;
  at: Pair;
}

const MOST = 4_096;

/** Where a run stood, by step, as far as the page has been told. */
export class Trail {
  private steps: Step[] = [];

  constructor(private readonly most = MOST) {}

  get places(): Pair[] {
    return this.steps.map(({ at }) => at);
  }

  /** Takes in where it stood after a step; what came before in time may come later. */
  add(step: number, at: Pair): void {
    const before = this.steps.findLastIndex((known) => known.step <= step);
    const known = this.steps[before]?.step === step;
    this.steps.splice(known ? before : before + 1, known ? 1 : 0, { step, at });
    if (this.steps.length > this.most) this.thin();
  }

  /** Every second step goes, never the first or the last. */
  private thin(): void {
    const last = this.steps.length - 1;
    this.steps = this.steps.filter((_, index) => index % 2 === 0 || index === last);
  }
}
