import type { Point } from "../run/series";

/** Heights of a curve by column; null where it has no point or none that can be drawn. */
export type Column = (number | null)[];

/** One curve as the chart takes it in. */
export interface Drawn {
  points: readonly Point[];
  logarithmic: boolean;
}

/** x and one column a curve: x is every step at which any of them has a point. */
export function curveColumns(curves: readonly Drawn[], width: number): [number[], ...Column[]] {
  const most = Math.max(100, 2 * width);
  const reduced = curves.map(({ points }) => reduce(points, most));
  const steps = [...new Set(reduced.flatMap((points) => points.map((point) => point.lastStep)))];
  steps.sort((a, b) => a - b);
  const place = new Map(steps.map((step, index) => [step, index]));
  const columns = reduced.map((points, curve) => {
    const column: Column = Array<null>(steps.length).fill(null);
    for (const point of points) {
      column[place.get(point.lastStep) ?? 0] = drawable(point, curves[curve]?.logarithmic ?? false);
    }
    return column;
  });
  return [steps, ...columns];
}

/** The visible range of losses; on the logarithmic axis never zero. */
export function lossRange(
  low: number | null,
  high: number | null,
  logarithmic: boolean,
): [number, number] {
  if (low === null || high === null) return logarithmic ? [0.005, 2] : [0, 1.2];
  if (!logarithmic) return [0, high * 1.05 || 1];
  const bottom = Math.max(low, 1e-9) * 0.85;
  return [bottom, Math.max(high * 1.15, bottom * 1.5)];
}

/** The visible range of steps, with room for at least so many. */
export function stepRange(low: number | null, high: number | null, room: number): [number, number] {
  return [Math.min(0, low ?? 0), Math.max(high ?? 0, (low ?? 0) + 1, room)];
}

/** Figures of a logarithmic axis: powers of ten, 1, 2, 5 within a decade, or even steps within that. */
export function logarithmicTicks(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const decades = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const within = (value: number): boolean => value >= low && value <= high;
  const tens = decades.map((power) => 10 ** power).filter(within);
  if (tens.length > 1) return tens.filter((_, at) => at % Math.ceil(tens.length / 5) === 0);
  const digits = decades.flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power));
  const fitting = digits.filter(within);
  return fitting.length > 1 ? fitting : evenTicks(low, high);
}

/** Two to five multiples of 1, 2 or 5 times a power of ten. */
function evenTicks(low: number, high: number): number[] {
  const power = 10 ** Math.floor(Math.log10((high - low) / 2));
  const step =
    [5, 2, 1].map((digit) => digit * power).find((each) => 2 * each <= high - low) ?? power;
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  return Array.from({ length: count }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}

/** At most `most` points; in each stretch the least and the greatest stay. */
export function reduce(points: readonly Point[], most: number): Point[] {
  if (points.length <= most) return [...points];
  const stretch = Math.ceil((2 * points.length) / most);
  const kept: Point[] = [];
  for (let start = 0; start < points.length; start += stretch) {
    kept.push(...extremes(points.slice(start, start + stretch)));
  }
  return kept;
}

function extremes(points: readonly Point[]): Point[] {
  let least = points[0] as Point;
  let greatest = least;
  for (const point of points) {
    if (point.mean < least.mean) least = point;
    if (point.mean > greatest.mean) greatest = point;
  }
  if (least === greatest) return [least];
  return least.lastStep < greatest.lastStep ? [least, greatest] : [greatest, least];
}

function drawable({ mean: value }: Point, logarithmic: boolean): number | null {
  return Number.isFinite(value) && (!logarithmic || value > 0) ? value : null;
}
