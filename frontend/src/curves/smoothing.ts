import type { Point } from "../run/series";

/** The steps of the smoothing button: shares of the drawn steps over which is averaged. */
export const SMOOTHINGS: readonly number[] = [0, 0.015, 0.06];

/**
 * The points with their means averaged backwards in time, exponentially with a span of `share` of
 * all steps, so that blocks of any length are smoothed alike. What is not finite stays and breaks.
 */
export function smooth(points: readonly Point[], share: number): Point[] {
  const first = points[0]?.firstStep ?? 0;
  const span = share * ((points[points.length - 1]?.lastStep ?? 0) - first);
  if (span <= 0) return [...points];
  let sum = 0;
  let weight = 0;
  let before = first;
  return points.map((point) => {
    if (!Number.isFinite(point.mean)) return point;
    const kept = Math.exp(-(point.lastStep - before) / span);
    before = point.lastStep;
    sum = sum * kept + point.mean * point.count;
    weight = weight * kept + point.count;
    return { ...point, mean: sum / weight };
  });
}
