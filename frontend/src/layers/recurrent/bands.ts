import type { Band, Read } from "../../layout/bands";

/** Gates in the order in which they are drawn, and behind them the states. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  rnn: ["h"],
  lstm: ["i", "f", "o", "g", "c", "h"],
  gru: ["r", "z", "n", "h"],
};
/** The order in which the service sends them: gates, then the hidden state, then the memory. */
export const GATES: Readonly<Record<string, readonly string[]>> = {
  rnn: ["a"],
  lstm: ["i", "f", "g", "o"],
  gru: ["r", "z", "n"],
};
export const STATES: readonly string[] = ["h", "c"];
const MOST_PLACES = 4;
const MOST = 64;

/** Gates and states of each cell, a block for each layer of a stack and each way through time. */
export function cellBands(layer: Read, inputs: readonly number[][]): Band[] {
  const [steps = 0] = inputs[0] ?? [];
  if (!steps) return [];
  const ways = layer.fields["bidirectional"] ? 2 : 1;
  const blocks = Math.min(MOST_PLACES, Number(layer.fields["layers"] ?? 1) * ways);
  const rows = Math.min(MOST, Number(layer.fields["units"]));
  const columns = Math.min(MOST, steps);
  return Array.from({ length: blocks }, (_, block) => block).flatMap((block) =>
    (PARTS[layer.type] ?? []).map((part) => ({ part, rows, columns, block, square: false })),
  );
}

/** A convolutional cell: each gate and state as a film of maps, means over the filters. */
export function filmBands(layer: Read, inputs: readonly number[][]): Band[] {
  const [steps = 0, , height = 0, width = 0] = inputs[0] ?? [];
  if (!steps) return [];
  const columns = Math.min(MOST, steps) * width;
  const parts = PARTS[String(layer.fields["cell"])] ?? [];
  return parts.map((part) => ({ part, rows: height, columns, block: 0, square: true }));
}
