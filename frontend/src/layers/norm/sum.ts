import type { Picture } from "../../wire/frame";
import type { PlannedLayer } from "../../wire/plan";
import type { Tensor } from "../turn";
import { type Scaling, scalingOf } from "./forward";
import { scalingAt } from "./together";

/** (x − mean) / √(σ² + ε) · γ + β with its numbers. */
export interface NormSum extends Scaling {
  kind: "norm";
  x: number;
  total: number;
}

/** What normalization did to one number of a channel; null without its statistics. */
export function normSum(
  layer: PlannedLayer,
  weights: Picture,
  channel: number,
  x: number,
): NormSum | null {
  const scaling = scalingOf(layer, weights, channel);
  return scaling && scaled(scaling, x);
}

/** The same over numbers of one sample, which is at a place of its input. */
export function togetherSum(
  layer: PlannedLayer,
  weights: Picture,
  input: Tensor,
  at: number,
): NormSum {
  return scaled(scalingAt(layer, weights, input, at), input.values[at] ?? 0);
}

function scaled(scaling: Scaling, x: number): NormSum {
  const { mean, variance, epsilon, gamma, beta } = scaling;
  const total = ((x - mean) / Math.sqrt(variance + epsilon)) * gamma + beta;
  return { kind: "norm", x, total, ...scaling };
}
