import { attentionBands } from "../layers/attention/bands";
import { placeBands, tableBands } from "../layers/embedding/bands";
import { episodeBands, slotBands } from "../layers/memory/bands";
import { cellBands, filmBands } from "../layers/recurrent/bands";
import type { PlannedLayer } from "../wire/plan";

/** A matrix on a card: rows of units or queries, columns of steps or keys. */
export interface Band {
  /** What it shows; the family that drew it up knows the name. */
  part: string;
  rows: number;
  columns: number;
  /** Bands of one block stand under each other, blocks side by side. */
  block: number;
  /** Its cells are as wide as high. */
  square: boolean;
}

/** As much of a layer as tells what stands on its card. */
export type Read = Pick<PlannedLayer, "type" | "output" | "fields" | "extras">;
/** The bands of a layer that has a picture of its own, from the shapes that it reads. */
type Bands = (layer: Read, inputs: readonly number[][]) => Band[];

const FAMILIES: Readonly<Record<string, Bands>> = {
  rnn: cellBands,
  lstm: cellBands,
  gru: cellBands,
  conv_rnn: filmBands,
  attention: attentionBands,
  decoder_rnn: attentionBands,
  embedding: tableBands,
  embedding_bag: tableBands,
  positional_encoding: placeBands,
  episodic_memory: episodeBands,
  entity_memory: slotBands,
};

/** As many steps, units and heads as the service tells of. */
export const MOST_STEPS = 64;
export const MOST_UNITS = 64;

/** The part of a band that is the layer's output itself. */
export const OUTPUT = "y";

/** What stands on the card of a layer as matrices; none where it is drawn otherwise. */
export function bandsOf(layer: Read, inputs: readonly number[][]): Band[] {
  const own = FAMILIES[layer.type]?.(layer, inputs) ?? [];
  if (own.length) return own;
  const [steps = 0, units = 0] = layer.output;
  if (layer.output.length !== 2 || !steps || !units) return [];
  const [rows, columns] = isChannelsFirst(layer) ? [steps, units] : [units, steps];
  return [{ part: OUTPUT, rows, columns, block: 0, square: false }];
}

/** Convolutions and pools over sequences have their channels first, all else its steps. */
export function isChannelsFirst({ type }: Pick<Read, "type">): boolean {
  return type.endsWith("1d");
}

/** Whether the service has more to tell of a layer of this type than its output. */
export function hasInside(type: string): boolean {
  return type in FAMILIES;
}
