import type { PlannedLayer } from "../../wire/plan";
import { sizeOf, type Tensor, type Turn } from "../turn";
import { forwardConcat } from "../merge/forward";
import { forwardPad, forwardPermute, forwardSelect, forwardUpsample } from "./forward";

/** A number that was only put elsewhere. */
export interface MovedSum {
  kind: "moved";
  /** The layer that it comes from; null for a cell that was filled in. */
  layer: string | null;
  /** Its place there, each axis counted from 1. */
  at: number[];
  total: number;
}

const FILLED = -1;

const MOVES: Readonly<Record<string, (turn: Turn) => Float32Array | null>> = {
  flatten: ({ inputs }) => inputs[0]?.values ?? null,
  reshape: ({ inputs }) => inputs[0]?.values ?? null,
  permute: forwardPermute,
  select: forwardSelect,
  upsample: forwardUpsample,
  concat: forwardConcat,
  pad: ({ layer, ...turn }) =>
    forwardPad({ ...turn, layer: { ...layer, fields: { ...layer.fields, value: FILLED } } }),
};

/** Where each number of a layer comes from: its index among those of all inputs, one by one. */
const known = new WeakMap<PlannedLayer, Float32Array | null>();

/** Where the number at `offset` was before; null for a layer that does more than rearrange. */
export function movedSum(
  layer: PlannedLayer,
  inputs: readonly Tensor[],
  offset: number,
): MovedSum | null {
  if (layer.type === "upsample" && layer.fields["mode"] === "bilinear") return null;
  const origins = known.get(layer) ?? trace(layer, inputs);
  known.set(layer, origins);
  let from = origins?.[offset];
  if (from === undefined) return null;
  if (from === FILLED) {
    return { kind: "moved", layer: null, at: [], total: Number(layer.fields["value"] ?? 0) };
  }
  for (const [index, { shape, values }] of inputs.entries()) {
    if (from < values.length) {
      const [name = null, total = 0] = [layer.inputs[index], values[from]];
      return { kind: "moved", layer: name, at: placeIn(shape, from), total };
    }
    from -= values.length;
  }
  return null;
}

/** What the layer makes of numbers that say where they stand. */
function trace(layer: PlannedLayer, inputs: readonly Tensor[]): Float32Array | null {
  const move = MOVES[layer.type];
  // Beyond this a float of 32 bits no longer tells neighbours apart.
  if (!move || inputs.reduce((sum, { values }) => sum + values.length, 0) > 2 ** 24) return null;
  let first = 0;
  const told = inputs.map(({ shape, values }) => {
    const start = first;
    first += values.length;
    return { shape, values: values.map((_, at) => start + at) };
  });
  return move({ layer, inputs: told, weights: NO_WEIGHTS });
}

const NO_WEIGHTS = {
  run: null,
  probe: "",
  kind: "weights",
  step: 0,
  epoch: 0,
  meta: {},
  arrays: [],
};

function placeIn(shape: readonly number[], at: number): number[] {
  return shape.map((side, axis) => (Math.floor(at / sizeOf(shape.slice(axis + 1))) % side) + 1);
}
