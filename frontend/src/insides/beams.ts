import type { Box } from "../layout/layout";

/** A line from what is read to who reads it, as wide as its weight. */
export interface Beam {
  key: number;
  query: number;
  weight: number;
  from: { x: number; y: number };
  to: { x: number; y: number };
  width: number;
}

/** Weights of attention, [H, L, M] in row-major order. */
export interface Heads {
  heads: number;
  queries: number;
  keys: number;
  values: Float32Array;
}

/** Height of the row of marks that stands for keys on top, and for queries below. */
export const MARK = 6;
const NARROWEST = 0.5;
const WIDEST = 6;
// Thinner ones would only grey the picture.
const LEAST_WEIGHT = 0.04;
const MOST_BEAMS = 240;

/** Mean weights over the heads, or those of one: [L, M]. */
export function weightsOf({ heads, queries, keys, values }: Heads, head: number | null) {
  const each = queries * keys;
  if (head !== null) return values.subarray(head * each, (head + 1) * each);
  const means = new Float32Array(each);
  for (let at = 0; at < values.length; at++) {
    means[at % each] = (means[at % each] ?? 0) + (values[at] ?? 0) / heads;
  }
  return means;
}

/** Beams of one query, or of all, from keys on top of the box to queries at its foot. */
export function beamsOf(
  attention: Heads,
  box: Box,
  head: number | null,
  only: number | null,
): Beam[] {
  const { queries, keys } = attention;
  const weights = weightsOf(attention, head);
  const beams: Beam[] = [];
  for (let query = 0; query < queries; query++) {
    if (only !== null && query !== only) continue;
    for (let key = 0; key < keys; key++) {
      const weight = weights[query * keys + key] ?? 0;
      if (!(weight >= LEAST_WEIGHT)) continue;
      beams.push({
        key,
        query,
        weight,
        from: { x: middle(box, key, keys), y: box.y + MARK },
        to: { x: middle(box, query, queries), y: box.y + box.height - MARK },
        width: NARROWEST + (WIDEST - NARROWEST) * Math.min(1, weight),
      });
    }
  }
  return beams.toSorted((a, b) => b.weight - a.weight).slice(0, MOST_BEAMS);
}

/** The middle of a mark in a row of so many. */
export function middle({ x, width }: Box, at: number, count: number): number {
  return x + ((at + 0.5) * width) / count;
}
