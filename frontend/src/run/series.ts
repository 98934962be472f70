import type { Columns } from "../wire/types";

/** A point of a curve: a block of steps with what a value did in it. */
export interface Point {
  firstStep: number;
  lastStep: number;
  count: number;
  mean: number;
  min: number;
  max: number;
  last: number;
}

const CAPACITY = 4_000;
// The newest points stay as they came: a rewind cuts there, and the eye rests there.
const KEPT_WHOLE = 1_000;

/** Reads a float that may be spelled as a word. */
export function readFloat(value: number | string | undefined | null): number {
  return value === undefined || value === null ? NaN : Number(value);
}

/**
 * The points of one series in order of their steps, bounded in memory: when full, the older
 * ones are merged into blocks that keep least, greatest and weighted mean.
 */
export class Series {
  points: Point[] = [];

  /** Adds points behind the last one, leaving alone what is there; answers the newest. */
  add(columns: Columns): Point | undefined {
    const known = this.points[this.points.length - 1]?.lastStep ?? -1;
    for (let row = 0; row < columns.first_step.length; row++) {
      const point = readPoint(columns, row);
      if (point.lastStep > known) this.points.push(point);
    }
    if (this.points.length > CAPACITY) this.thin();
    return this.latest;
  }

  /** Puts what an ancestor went through, up to a step, before the first point. */
  precede(columns: Columns, until: number): void {
    const first = this.points[0]?.lastStep ?? Infinity;
    const past = columns.first_step.map((_, row) => readPoint(columns, row));
    const kept = past.filter(({ lastStep }) => lastStep <= until && lastStep < first);
    this.points = [...kept, ...this.points];
    if (this.points.length > CAPACITY) this.thin();
  }

  /** Forgets what lies behind a step to which the run went back. */
  rewind(step: number): void {
    this.points = this.points
      .filter((point) => point.firstStep <= step)
      .map((point) => (point.lastStep > step ? { ...point, lastStep: step } : point));
  }

  get latest(): Point | undefined {
    return this.points[this.points.length - 1];
  }

  /** The last point that begins at or before a step. */
  at(step: number): Point | undefined {
    let low = 0;
    let high = this.points.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.points[middle]?.firstStep ?? Infinity) <= step) low = middle + 1;
      else high = middle;
    }
    return this.points[low - 1];
  }

  private thin(): void {
    const border = this.points.length - KEPT_WHOLE;
    this.points = [...coarsen(this.points.slice(0, border)), ...this.points.slice(border)];
  }
}

/** Merges neighbours into blocks of one length, so that all of the past is equally sharp. */
function coarsen(points: readonly Point[]): Point[] {
  const first = points[0]?.firstStep ?? 0;
  const span = (points[points.length - 1]?.lastStep ?? 0) - first + 1;
  // Two neighbours together are longer than a block, so at most half the room is filled.
  const block = (4 * span) / (CAPACITY - KEPT_WHOLE);
  const merged: Point[] = [];
  for (const point of points) {
    const before = merged[merged.length - 1];
    if (before && point.lastStep - before.firstStep < block) {
      merged[merged.length - 1] = merge(before, point);
    } else merged.push(point);
  }
  return merged;
}

function readPoint(columns: Columns, row: number): Point {
  return {
    firstStep: columns.first_step[row] ?? 0,
    lastStep: columns.last_step[row] ?? 0,
    count: columns.count[row] ?? 1,
    mean: readFloat(columns.mean[row]),
    min: readFloat(columns.min[row]),
    max: readFloat(columns.max[row]),
    last: readFloat(columns.last[row]),
  };
}

function merge(first: Point, second: Point): Point {
  const count = first.count + second.count;
  return {
    firstStep: first.firstStep,
    lastStep: second.lastStep,
    count,
    mean: (first.mean * first.count + second.mean * second.count) / count,
    min: Math.min(first.min, second.min),
    max: Math.max(first.max, second.max),
    last: second.last,
  };
}
