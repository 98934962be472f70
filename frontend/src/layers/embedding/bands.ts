import type { Band, Read } from "../../layout/bands";

const MOST = 64;

/** The beginning of the table, a row for each word, and beside it the length of each row. */
export function tableBands({ fields }: Read): Band[] {
  const rows = Math.min(MOST, Number(fields["words"]));
  const columns = Math.min(MOST, Number(fields["units"]));
  return [
    { part: "table", rows, columns, block: 0, square: true },
    { part: "norms", rows, columns: 1, block: 1, square: true },
  ];
}

/** What is added to each step, as stripes, and what comes of it. */
export function placeBands({ output }: Read): Band[] {
  const [steps = 0, units = 0] = output;
  if (!steps || !units) return [];
  const [rows, columns] = [Math.min(MOST, units), Math.min(MOST, steps)];
  return ["p", "y"].map((part) => ({ part, rows, columns, block: 0, square: false }));
}
