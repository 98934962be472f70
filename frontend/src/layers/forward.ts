import type { Picture } from "../wire/frame";
import type { Plan, PlannedLayer } from "../wire/plan";
import { forwardActivation } from "./activations/forward";
import { forwardFeatures } from "./features/forward";
import { forwardLinear } from "./linear/forward";

// What these do happens in training only.
export const QUIET: ReadonlySet<string> = new Set(["flatten", "dropout", "gaussian_noise"]);

/** The values of every layer's units, `input` included, by its full name. */
export type Values = ReadonlyMap<string, number[]>;

/** What every unit answers to one input; null where a layer cannot be computed here. */
export function forward(plan: Plan, weights: Picture | undefined, input: number[]): Values | null {
  if (!weights) return null;
  const values = new Map([["input", input]]);
  for (const layer of plan.layers) {
    const answer = forwardLayer(layer, weights, values);
    if (!answer) return null;
    values.set(layer.name, answer);
  }
  return values;
}

function forwardLayer(layer: PlannedLayer, weights: Picture, values: Values): number[] | null {
  const [source = "", ...others] = layer.inputs;
  const input = values.get(source);
  if (!input || others.length) return null;
  if (QUIET.has(layer.type)) return input;
  if (layer.type === "features") return forwardFeatures(layer.fields, input);
  if (layer.type !== "linear") return forwardActivation(layer.type, layer.fields, input);
  const sums = forwardLinear(layer.name, weights, input);
  const activation = String(layer.fields["activation"] ?? "identity");
  return sums && forwardActivation(activation, {}, sums);
}
