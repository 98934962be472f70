import type { Band, Read } from "../../layout/bands";

const MOST_HEADS = 16;
const MOST_STEPS = 64;
// Heads that stand under each other.
const MOST_HIGH = 4;

/** The beams from keys to queries: as a band one row, a cell for each query. */
export const QUERIES = "queries";

/** The beams over one square matrix a head; nothing of a decoder that does not attend. */
export function attentionBands({ extras }: Read): Band[] {
  const weights = extras?.["weights"] ?? [];
  const [queries = 0, keys = 0] = weights.slice(-2);
  const heads = Math.min(MOST_HEADS, weights.length === 3 ? (weights[0] ?? 1) : 1);
  if (!queries || !keys) return [];
  const [rows, columns] = [Math.min(MOST_STEPS, queries), Math.min(MOST_STEPS, keys)];
  const across = Math.ceil(heads / MOST_HIGH);
  return [
    { part: QUERIES, rows: 1, columns: rows, block: -1, square: false },
    ...Array.from({ length: heads }, (_, head): Band => {
      return { part: `head ${head + 1}`, rows, columns, block: head % across, square: true };
    }),
  ];
}
