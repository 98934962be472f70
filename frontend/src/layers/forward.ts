import { inputOf } from "../lanes/lanes";
import type { Picture } from "../wire/frame";
import type { Plan, PlannedLayer } from "../wire/plan";
import { forwardActivation, isFunction } from "./activations/forward";
import { forwardMaxout, forwardPrelu } from "./activations/learned";
import { forwardConv } from "./conv/forward";
import { forwardTranspose } from "./conv/transpose";
import { forwardFeatures } from "./features/forward";
import { forwardLinear } from "./linear/forward";
import { forwardConcat, forwardMerge } from "./merge/forward";
import { forwardNorm } from "./norm/forward";
import { forwardResponse, forwardTogether } from "./norm/together";
import { forwardAdaptive, forwardGlobalPool, forwardPool } from "./pool/forward";
import { forwardPad, forwardPermute, forwardSelect, forwardUpsample } from "./shape/forward";
import type { Forward, Tensor } from "./turn";

// What these do happens in training only, or to the shape alone.
export const QUIET: ReadonlySet<string> = new Set([
  "flatten",
  "reshape",
  "dropout",
  "dropout2d",
  "gaussian_noise",
]);

const FORWARD: Readonly<Record<string, Forward>> = {
  features: forwardFeatures,
  linear: forwardLinear,
  conv2d: forwardConv,
  conv1d: forwardConv,
  conv_transpose1d: forwardTranspose,
  conv_transpose2d: forwardTranspose,
  max_pool1d: forwardPool,
  avg_pool1d: forwardPool,
  adaptive_avg_pool2d: forwardAdaptive,
  adaptive_max_pool2d: forwardAdaptive,
  max_pool2d: forwardPool,
  avg_pool2d: forwardPool,
  global_max_pool: forwardGlobalPool,
  global_avg_pool: forwardGlobalPool,
  batch_norm: forwardNorm,
  layer_norm: forwardTogether,
  group_norm: forwardTogether,
  local_response_norm: forwardResponse,
  prelu: forwardPrelu,
  maxout: forwardMaxout,
  permute: forwardPermute,
  select: forwardSelect,
  pad: forwardPad,
  upsample: forwardUpsample,
  add: forwardMerge,
  multiply: forwardMerge,
  mean: forwardMerge,
  concat: forwardConcat,
};

/** Whether every layer of a net can be computed here. */
export function isComputable(plan: Plan): boolean {
  return plan.layers.every(
    ({ type, fields }) =>
      (type in FORWARD || QUIET.has(type) || isFunction(type)) &&
      isFunction(String(fields["activation"] ?? "identity")),
  );
}

/** The numbers of every layer's output, `input` included, by its full name, in row-major order. */
export type Values = ReadonlyMap<string, Float32Array>;

/** What every unit answers to one input; null where a layer cannot be computed here. */
export function forward(
  plan: Plan,
  weights: Picture | undefined,
  input: ArrayLike<number>,
): Values | null {
  if (!weights) return null;
  const first = { shape: plan.data?.input ?? [input.length], values: Float32Array.from(input) };
  const known = new Map<string, Tensor>([[inputOf(plan), first]]);
  for (const layer of plan.layers) {
    const values = forwardLayer(layer, weights, known);
    if (!values) return null;
    known.set(layer.name, { shape: layer.output ?? [values.length], values });
  }
  return new Map([...known].map(([name, { values }]) => [name, values]));
}

function forwardLayer(
  layer: PlannedLayer,
  weights: Picture,
  known: ReadonlyMap<string, Tensor>,
): Float32Array | null {
  return forwardOn(
    layer,
    weights,
    layer.inputs.flatMap((name) => known.get(name) ?? []),
  );
}

/** What one layer gives for what it reads; null where it cannot be computed here. */
export function forwardOn(
  layer: PlannedLayer,
  weights: Picture,
  inputs: readonly Tensor[],
): Float32Array | null {
  const [input] = inputs;
  if (!input || inputs.length !== layer.inputs.length) return null;
  if (QUIET.has(layer.type)) return input.values;
  const compute = FORWARD[layer.type];
  if (!compute) return forwardActivation(layer.type, layer.fields, input);
  const sums = compute({ layer, weights, inputs });
  const activation = String(layer.fields["activation"] ?? "identity");
  return sums && forwardActivation(activation, {}, { shape: layer.output ?? [], values: sums });
}
