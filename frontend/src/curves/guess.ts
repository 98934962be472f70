import type { Point, Series } from "../run/series";

const COLUMNS = 60;

/** What a person expects the training loss to do: a height for each of a few steps. */
export class Guess {
  private constructor(
    readonly horizon: number,
    private readonly heights: readonly (number | null)[],
  ) {}

  static empty(horizon: number): Guess {
    return new Guess(horizon, Array<null>(COLUMNS + 1).fill(null));
  }

  get isEmpty(): boolean {
    return this.heights.every((height) => height === null);
  }

  /** The loss that is expected at a step, where the hand has been. */
  at(step: number): number | null {
    return this.heights[this.columnOf(step)] ?? null;
  }

  /** The hand moved from one place to another; what lies between follows the straight line. */
  drawn(from: Place, to: Place): Guess {
    const [left, right] = from.step <= to.step ? [from, to] : [to, from];
    const [first, last] = [this.columnOf(left.step), this.columnOf(right.step)];
    const heights = this.heights.map((height, column) => {
      if (column < first || column > last) return height;
      const share = last === first ? 1 : (column - first) / (last - first);
      return last === first ? to.loss : left.loss + share * (right.loss - left.loss);
    });
    return new Guess(this.horizon, heights);
  }

  /** The guess as points of a curve. */
  get points(): Point[] {
    return this.heights.flatMap((height, column) => {
      const step = Math.round((column * this.horizon) / COLUMNS);
      return height === null ? [] : [pointAt(step, height)];
    });
  }

  /** How far the guess lies from what happened, on average; null where they have nothing in common. */
  distance(happened: Series | undefined): number | null {
    const reached = happened?.latest?.lastStep ?? -1;
    const gaps = this.points.flatMap(({ lastStep, mean }) => {
      const real = lastStep <= reached ? happened?.at(Math.max(1, lastStep))?.mean : undefined;
      return real !== undefined && Number.isFinite(real) ? [Math.abs(real - mean)] : [];
    });
    return gaps.length ? gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length : null;
  }

  private columnOf(step: number): number {
    return Math.max(0, Math.min(COLUMNS, Math.round((step / this.horizon) * COLUMNS)));
  }
}

export interface Place {
  step: number;
  loss: number;
}

function pointAt(step: number, mean: number): Point {
  return { firstStep: step, lastStep: step, count: 1, mean, min: mean, max: mean, last: mean };
}
