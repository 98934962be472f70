import type { Heads } from "../../insides/beams";
import { weightsOf } from "../../insides/beams";

/** A weight as the softmax of the scores of its query. */
export interface WeightSum {
  kind: "weight";
  /** Counted from 0. */
  query: number;
  key: number;
  /** −∞ where it is hidden; null where the scores are not told. */
  score: number | null;
  scores: number[];
  total: number;
}

/** What a query reads, the most first, as a mean over the heads. */
export interface ReadSum {
  kind: "read";
  query: number;
  shares: { key: number; weight: number }[];
}

// Half precision has no number below this that a score could reach.
const HIDDEN = -60_000;
const MOST_SHARES = 4;

/** exp(score) over the sum of them all, for one key of one query and head. */
export function weightSum(
  heads: Heads,
  scores: Float32Array | undefined,
  head: number,
  pixel: number,
): WeightSum {
  const { queries, keys } = heads;
  const query = Math.floor(pixel / keys);
  const key = pixel % keys;
  const from = (head * queries + query) * keys;
  const row = [...(scores?.subarray(from, from + keys) ?? [])].map((score) =>
    score <= HIDDEN ? -Infinity : score,
  );
  const peak = Math.max(...row);
  const powers = row.map((score) => Math.exp(score - peak));
  const total = powers.reduce((sum, power) => sum + power, 0);
  const told = heads.values[from + key] ?? 0;
  return {
    kind: "weight",
    query,
    key,
    score: row[key] ?? null,
    scores: row,
    // Hard attention takes the best key whole; there the softmax is not what is read by.
    total: total > 0 && !isHard(heads, from) ? (powers[key] ?? 0) / total : told,
  };
}

/** What one query reads of all keys. */
export function readSum(heads: Heads, query: number): ReadSum {
  const row = weightsOf(heads, null).subarray(query * heads.keys, (query + 1) * heads.keys);
  const shares = [...row].map((weight, key) => ({ key, weight }));
  shares.sort((a, b) => b.weight - a.weight);
  return { kind: "read", query, shares: shares.slice(0, MOST_SHARES) };
}

function isHard({ keys, values }: Heads, from: number): boolean {
  return values.subarray(from, from + keys).every((weight) => weight === 0 || weight === 1);
}
