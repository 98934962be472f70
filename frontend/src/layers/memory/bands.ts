import type { Band, Read } from "../../layout/bands";

const MOST = 64;

/** How far each pass lets each fact in. */
export function episodeBands({ extras }: Read): Band[] {
  const [passes = 0, facts = 0] = extras?.["gates"] ?? [];
  return passes && facts ? [gates(passes, facts)] : [];
}

/** How far each sentence is written to each slot, and how much each slot gives to the answer. */
export function slotBands({ extras }: Read): Band[] {
  const [sentences = 0, slots = 0] = extras?.["gates"] ?? [];
  if (!sentences || !slots) return [];
  const beside = { part: "weights", rows: Math.min(MOST, slots), columns: 1 };
  return [gates(slots, sentences), { ...beside, block: 1, square: true }];
}

function gates(rows: number, columns: number): Band {
  const [most, steps] = [Math.min(MOST, rows), Math.min(MOST, columns)];
  return { part: "gates", rows: most, columns: steps, block: 0, square: true };
}
