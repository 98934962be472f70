import type { Descent } from "./descent";

/** What of a curve is in sight: heights from `low` at the bottom to `high` at the top. */
export interface Range {
  low: number;
  high: number;
}

// A curve that rises steeply at its ends is cut off there, so that its valleys are seen.
const QUIET = 0.6;
const MARGIN = 0.08;

/** The heights to show: those of most of the curve, and of the point that stands on it now. */
export function rangeOf({ values, way }: Descent): Range {
  const heights = [...(values ?? [])].filter(Number.isFinite).toSorted((a, b) => a - b);
  const quiet = heights[Math.floor((heights.length - 1) * QUIET)];
  const seen = [heights[0], quiet, way[0]?.value, way.at(-1)?.value];
  const finite = seen.filter((value): value is number => value !== undefined && isFinite(value));
  const top = heights.at(-1) ?? 1;
  const low = Math.min(...finite, top);
  const high = Math.max(...finite.map((value) => Math.min(value, top)), low + 1e-6);
  const margin = (high - low) * MARGIN;
  return { low: low - margin, high: high + margin };
}

/** A place of the picture, both from 0 to 1, the origin at the upper left. */
export function across(value: number, extent: number): number {
  return (value / extent + 1) / 2;
}

export function down(value: number, { low, high }: Range): number {
  return 1 - (value - low) / (high - low);
}

/** Each value of a map as its rank among all, from 0 to 1: equal areas have equal shades. */
export function ranks(values: Float32Array): Float32Array {
  const order = [...values.keys()].toSorted((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranked = new Float32Array(values.length);
  const last = Math.max(1, values.length - 1);
  for (const [place, index] of order.entries()) ranked[index] = place / last;
  return ranked;
}
