import { arrayOf, type Picture } from "../../wire/frame";
import type { PlannedLayer } from "../../wire/plan";
import type { Turn } from "../turn";

const USUAL_EPSILON = 1e-5;

/** What batch normalization does to one channel once training is over: γ (x − mean) / √(σ² + ε) + β. */
export interface Scaling {
  mean: number;
  variance: number;
  epsilon: number;
  gamma: number;
  beta: number;
}

/** The numbers of a channel's normalization; null where they are not among the weights. */
export function scalingOf(layer: PlannedLayer, weights: Picture, channel: number): Scaling | null {
  const of = (name: string): number | undefined =>
    arrayOf(weights, `${layer.name}.${name}`)?.values[channel];
  const mean = of("running_mean");
  const variance = of("running_var");
  if (mean === undefined || variance === undefined) return null;
  const epsilon = Number(layer.fields["eps"] ?? USUAL_EPSILON);
  return { mean, variance, epsilon, gamma: of("weight") ?? 1, beta: of("bias") ?? 0 };
}

/** Batch normalization with its running statistics: [C, …] → the same. */
export function forwardNorm({ layer, weights, inputs }: Turn): Float32Array | null {
  const [input] = inputs;
  const channels = input?.shape[0];
  if (!input || !channels) return null;
  const each = input.values.length / channels;
  const answers = new Float32Array(input.values.length);
  for (let channel = 0; channel < channels; channel++) {
    const scaling = scalingOf(layer, weights, channel);
    if (!scaling) return null;
    const slope = scaling.gamma / Math.sqrt(scaling.variance + scaling.epsilon);
    for (let at = channel * each; at < (channel + 1) * each; at++) {
      answers[at] = ((input.values[at] ?? 0) - scaling.mean) * slope + scaling.beta;
    }
  }
  return answers;
}
