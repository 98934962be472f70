import { GATES, STATES } from "../layers/recurrent/bands";
import { QUERIES } from "../layers/attention/bands";
import { isChannelsFirst } from "../layout/bands";
import type { Card } from "../layout/cards";
import { arrayOf, type Picture, type PictureArray } from "../wire/frame";

/** The numbers of a band, row by row. */
export interface Matrix {
  rows: number;
  columns: number;
  values: Float32Array;
  /** Greatest number that the colours have to tell; gates and weights reach 1. */
  limit: number;
}

/** What is known of the insides of layers, and what they gave. */
export interface Known {
  inside: Picture | undefined;
  units: Picture | undefined;
}

/** The matrix of one band of a card; null where it is not known (yet). */
export function matrixOf(card: Card, index: number, known: Known): Matrix | null {
  const band = card.bands[index];
  if (!band) return null;
  const found = valuesOf(card, index, known);
  const { rows, columns } = band;
  if (!found || found.values.length !== rows * columns) return null;
  return { rows, columns, ...found };
}

/** A part of the inside of a card's own layer. */
export function partOf(card: Card, part: string, known: Known): PictureArray | undefined {
  return arrayOf(known.inside, `${card.name}.${part}`);
}

type Values = Pick<Matrix, "values" | "limit">;

function valuesOf(card: Card, index: number, known: Known): Values | null {
  const { part, block = 0 } = card.bands[index] ?? {};
  if (card.type === "conv_rnn") return filmOf(card, index, known);
  if (card.type in GATES) return cellOf(card, part ?? "", block, known);
  if (part === "y") return outputOf(card, known);
  if (part === "p") return turned(partOf(card, "places", known), null);
  if (part === QUERIES) return null;
  if (part?.startsWith("head")) return headOf(card, index - 1, known);
  const array = partOf(card, part ?? "", known);
  return array ? { values: array.values, limit: peakOf(array.values) } : null;
}

/** A gate or a state of one cell: [H, L] from [P, G, L, H]. */
function cellOf(card: Card, part: string, place: number, known: Known): Values | null {
  const gate = (GATES[card.type] ?? []).indexOf(part);
  const array = partOf(card, gate < 0 ? "states" : "gates", known);
  if (!array) return null;
  const [, parts = 1, steps = 1, units = 1] = array.shape;
  const which = gate < 0 ? STATES.indexOf(part) : gate;
  const start = (place * parts + which) * steps * units;
  const values = transposed(array.values.subarray(start, start + steps * units), steps, units);
  const signed = part === "g" || part === "n" || gate < 0;
  return { values, limit: part === "c" ? peakOf(values) : signed ? peakOf(values) : 1 };
}

/** A row of maps of a convolutional cell, side by side: [H, L · W] from [G + S, L, H, W]. */
function filmOf(card: Card, index: number, known: Known): Values | null {
  const array = partOf(card, "maps", known);
  if (!array) return null;
  const gates = GATES[String(card.fields["cell"])] ?? [];
  const part = card.bands[index]?.part ?? "";
  const row = gates.includes(part) ? gates.indexOf(part) : gates.length + STATES.indexOf(part);
  const [, steps = 1, height = 1, width = 1] = array.shape;
  const each = steps * height * width;
  const maps = array.values.subarray(row * each, (row + 1) * each);
  const values = new Float32Array(each);
  for (let at = 0; at < each; at++) {
    const [step, y, x] = [
      Math.floor(at / (height * width)),
      Math.floor(at / width) % height,
      at % width,
    ];
    values[(y * steps + step) * width + x] = maps[at] ?? 0;
  }
  return { values, limit: peakOf(values) };
}

function headOf(card: Card, head: number, known: Known): Values | null {
  const array = partOf(card, "weights", known);
  if (!array) return null;
  const [, queries = 1, keys = 1] = array.shape;
  const values = array.values.subarray(head * queries * keys, (head + 1) * queries * keys);
  // So that weights which are all alike stay pale.
  return { values, limit: Math.max(peakOf(values), Math.min(1, 2 / keys)) };
}

function outputOf(card: Card, known: Known): Values | null {
  const array = arrayOf(known.units, card.shows);
  const [layer] = card.parts;
  if (layer && isChannelsFirst(layer)) {
    return array ? { values: array.values, limit: peakOf(array.values) } : null;
  }
  return turned(array, card.bands[0] ?? null);
}

/** [L, D] with its steps from left to right, no more of it than the band has. */
function turned(
  array: PictureArray | undefined,
  most: { rows: number; columns: number } | null,
): Values | null {
  if (!array) return null;
  const [steps = 1, units = 1] = array.shape;
  const values = transposed(array.values, steps, units, most?.columns, most?.rows);
  return { values, limit: peakOf(values) };
}

function transposed(
  values: Float32Array,
  steps: number,
  units: number,
  mostSteps = steps,
  mostUnits = units,
): Float32Array {
  const [columns, rows] = [Math.min(steps, mostSteps), Math.min(units, mostUnits)];
  const answer = new Float32Array(rows * columns);
  for (let unit = 0; unit < rows; unit++) {
    for (let step = 0; step < columns; step++) {
      answer[unit * columns + step] = values[step * units + unit] ?? 0;
    }
  }
  return answer;
}

function peakOf(values: Float32Array): number {
  let peak = 0;
  for (const value of values) {
    const size = Math.abs(value);
    if (size > peak && size < Infinity) peak = size;
  }
  return peak || 1;
}
