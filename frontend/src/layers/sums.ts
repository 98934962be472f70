import type { Card } from "../layout/cards";
import type { Picture } from "../wire/frame";
import type { Plan, PlannedLayer } from "../wire/plan";
import {
  type FunctionSum,
  functionSum,
  logShareSum,
  type ShareSum,
  shareSum,
} from "./activations/sum";
import { type PatchSum, patchSum } from "./conv/sum";
import { transposedSum } from "./conv/transpose";
import { piecesOf, slopeOf } from "./activations/learned";
import { QUIET, type Values } from "./forward";
import { type TermsSum, termsSum } from "./linear/terms";
import { type JoinSum, joinSum } from "./merge/sum";
import { type NormSum, normSum, togetherSum } from "./norm/sum";
import { type ResponseSum, responseSum } from "./norm/together";
import { type WindowSum, windowSum } from "./pool/sum";
import { blendSum } from "./shape/forward";
import { type MovedSum, movedSum } from "./shape/sum";
import { sizeOf, type Tensor } from "./turn";

/** One step from the numbers that a layer reads to the number at a place. */
export type Sum =
  | PatchSum
  | WindowSum
  | TermsSum
  | NormSum
  | ResponseSum
  | JoinSum
  | FunctionSum
  | ShareSum
  | MovedSum;

/** Quiet, but the number stands elsewhere afterwards. */
const RESHAPES: ReadonlySet<string> = new Set(["flatten", "reshape"]);

/** One number of a card: the unit or map, and the place in the map, counted row by row. */
export interface Place {
  unit: number;
  pixel: number;
}

/** The layers that a card shows as one, first to last. */
export function layersOf(plan: Plan, card: Pick<Card, "name" | "shows">): PlannedLayer[] {
  const byName = new Map(plan.layers.map((layer) => [layer.name, layer]));
  const found: PlannedLayer[] = [];
  for (let name: string | undefined = card.shows; name !== undefined;) {
    const layer = byName.get(name);
    if (!layer) return found;
    found.unshift(layer);
    name = name === card.name ? undefined : layer.inputs[0];
  }
  return found;
}

/** How one number of a card came to be, step by step; the last step's total stands on the card. */
export function sumsOf(
  plan: Plan,
  card: Pick<Card, "name" | "shows">,
  place: Place,
  weights: Picture,
  values: Values,
): Sum[] {
  return layersOf(plan, card).flatMap((layer) => {
    const inputs = layer.inputs.map((name) => tensorOf(plan, name, values));
    const sum = sumOf(layer, inputs, place, weights);
    const activation = String(layer.fields["activation"] ?? "identity");
    if (!sum || activation === "identity") return sum ? [sum] : [];
    const last = functionSum(activation, {}, sum.total);
    return last ? [sum, last] : [sum];
  });
}

function sumOf(
  layer: PlannedLayer,
  inputs: readonly Tensor[],
  { unit, pixel }: Place,
  weights: Picture,
): Sum | null {
  const [input] = inputs;
  if (!input || (QUIET.has(layer.type) && !RESHAPES.has(layer.type))) return null;
  const width = (layer.output.length === 2 ? layer.output[1] : layer.output[2]) ?? 1;
  const at = [Math.floor(pixel / width), pixel % width] as const;
  const offset = unit * sizeOf(layer.output.slice(1)) + pixel;
  const x = input.values[offset] ?? 0;
  if (layer.type === "conv2d" || layer.type === "conv1d")
    return patchSum(layer, input, weights, unit, at);
  if (layer.type.startsWith("conv_transpose")) {
    return transposedSum(layer, input, weights, unit, at);
  }
  if (layer.type.includes("pool"))
    return inputs.length > 1 ? null : windowSum(layer, input, unit, at);
  if (layer.type === "linear") return termsSum(layer, input, weights, unit);
  if (layer.type === "batch_norm") return normSum(layer, weights, unit, x);
  if (["layer_norm", "group_norm"].includes(layer.type)) {
    return togetherSum(layer, weights, input, offset);
  }
  if (layer.type === "local_response_norm") return responseSum(layer, input, offset);
  if (layer.type === "upsample" && layer.fields["mode"] === "bilinear") {
    return blendSum(layer.output, input, unit, at);
  }
  const moved = movedSum(layer, inputs, offset);
  if (moved) return moved;
  if (layer.type === "prelu") {
    const slope = slopeOf(layer, weights, unit);
    return { kind: "function", name: "prelu", x, total: x > 0 ? x : slope * x };
  }
  if (layer.type === "maxout") {
    const pieces = Number(layer.fields["pieces"] ?? 2);
    const each = sizeOf(layer.output.slice(1));
    const cells = piecesOf(input.values, pieces, each, offset);
    return {
      kind: "window",
      reduction: "max",
      size: [1, pieces],
      cells,
      total: Math.max(...cells),
    };
  }
  if (layer.type === "softmax" || layer.type === "log_softmax") {
    const [channels = 1, ...sides] = input.shape;
    const each = sizeOf(sides);
    const there = Array.from({ length: channels }, (_, at) => input.values[at * each + pixel] ?? 0);
    return layer.type === "softmax" ? shareSum(there, unit) : logShareSum(there, unit);
  }
  if (inputs.length > 1) {
    return joinSum(
      layer.type,
      inputs.map(({ values }) => values[offset] ?? 0),
    );
  }
  return functionSum(layer.type, layer.fields, x);
}

function tensorOf(plan: Plan, name: string, values: Values): Tensor {
  const layer = plan.layers.find((candidate) => candidate.name === name);
  const numbers = values.get(name) ?? new Float32Array();
  return { shape: layer?.output ?? plan.data?.input ?? [numbers.length], values: numbers };
}
