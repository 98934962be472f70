import { arrayOf, type Picture } from "../../wire/frame";
import type { PlannedLayer } from "../../wire/plan";
import { sizeOf, type Tensor, type Turn } from "../turn";
import type { Scaling } from "./forward";

const USUAL_EPSILON = 1e-5;

/** The numbers of one sample that are normalized together: a stretch of `each` from `start`. */
interface Stretch {
  start: number;
  each: number;
}

/** Layer and group normalization: γ (x − mean) / √(σ² + ε) + β over stretches of one sample. */
export function forwardTogether({ layer, weights, inputs }: Turn): Float32Array | null {
  const [input] = inputs;
  if (!input) return null;
  const each = togetherOf(layer, input);
  const scaleAt = scales(layer, weights, input);
  const answers = new Float32Array(input.values.length);
  for (let start = 0; start < answers.length; start += each) {
    const { mean, variance } = spreadOf(input, { start, each });
    const slope = 1 / Math.sqrt(variance + epsilonOf(layer));
    for (let at = start; at < start + each; at++) {
      const { gamma, beta } = scaleAt(at);
      answers[at] = ((input.values[at] ?? 0) - mean) * slope * gamma + beta;
    }
  }
  return answers;
}

/** What one number is scaled by. */
export function scalingAt(
  layer: PlannedLayer,
  weights: Picture,
  input: Tensor,
  at: number,
): Scaling {
  const each = togetherOf(layer, input);
  const spread = spreadOf(input, { start: Math.floor(at / each) * each, each });
  return { ...spread, epsilon: epsilonOf(layer), ...scales(layer, weights, input)(at) };
}

/** x / (k + α Σ x'²)^β over neighbours between channels or within one, sums clipped at the borders. */
export function forwardResponse({ layer, inputs }: Turn): Float32Array | null {
  const [input] = inputs;
  if (!input) return null;
  const within = layer.fields["across"] === "within";
  const axes = within ? input.shape.slice(1).map((_, axis) => axis + 1) : [0];
  const field = (name: string): number => Number(layer.fields[name] ?? 0);
  const squares = axes.reduce<Float32Array>(
    (sums, axis) => neighbours(sums, input.shape, axis, field("size")),
    input.values.map((value) => value * value),
  );
  return input.values.map(
    (value, at) =>
      value * Math.pow(field("k") + field("alpha") * (squares[at] ?? 0), -field("beta")),
  );
}

/** Sums over `size` neighbours along an axis, as many of them before as behind or one more. */
function neighbours(
  values: Float32Array,
  shape: readonly number[],
  axis: number,
  size: number,
): Float32Array {
  const [side, each] = [shape[axis] ?? 1, sizeOf(shape.slice(axis + 1))];
  const [before, behind] = [Math.floor(size / 2), Math.floor((size - 1) / 2)];
  return values.map((_, at) => {
    const place = Math.floor(at / each) % side;
    let sum = 0;
    for (let by = -Math.min(before, place); by <= Math.min(behind, side - 1 - place); by++) {
      sum += values[at + by * each] ?? 0;
    }
    return sum;
  });
}

/** How many numbers share their mean: a group of channels, or the last axes. */
function togetherOf(layer: PlannedLayer, { shape, values }: Tensor): number {
  if (layer.type === "group_norm") return values.length / Number(layer.fields["groups"] ?? 1);
  const axes = Number(layer.fields["axes"] ?? 0) || (shape.length < 3 ? 1 : shape.length);
  return sizeOf(shape.slice(shape.length - axes));
}

function spreadOf(
  { values }: Tensor,
  { start, each }: Stretch,
): Pick<Scaling, "mean" | "variance"> {
  const own = values.subarray(start, start + each);
  const mean = own.reduce((sum, value) => sum + value, 0) / each;
  return { mean, variance: own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / each };
}

function epsilonOf(layer: PlannedLayer): number {
  return Number(layer.fields["eps"] ?? USUAL_EPSILON);
}

/** What each number of a sample is scaled by: groups have a scale a channel, layers one a number. */
function scales(
  layer: PlannedLayer,
  weights: Picture,
  input: Tensor,
): (at: number) => Pick<Scaling, "gamma" | "beta"> {
  const of = (name: string): Float32Array | undefined =>
    arrayOf(weights, `${layer.name}.${name}`)?.values;
  const [gammas, betas] = [of("weight"), of("bias")];
  const each = input.values.length / (input.shape[0] ?? 1);
  const together = togetherOf(layer, input);
  return (at) => {
    const index = layer.type === "group_norm" ? Math.floor(at / each) : at % together;
    return { gamma: gammas?.[index] ?? 1, beta: betas?.[index] ?? 0 };
  };
}
