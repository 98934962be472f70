import type { Picture } from "../../wire/frame";
import type { PlannedLayer } from "../../wire/plan";
import { type Scaling, scalingOf } from "./forward";

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
  if (!scaling) return null;
  const { mean, variance, epsilon, gamma, beta } = scaling;
  const total = ((x - mean) / Math.sqrt(variance + epsilon)) * gamma + beta;
  return { kind: "norm", x, total, ...scaling };
}
