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

/** x / (k + α Σ x'²)^β with its numbers. */
export interface ResponseSum {
  kind: "response";
  x: number;
  k: number;
  alpha: number;
  /** Of the neighbours and of x itself. */
  squares: number;
  beta: number;
  total: number;
}

/** Local response normalization: sums over neighbours, clipped at the borders. */
export function forwardResponse({ layer, inputs }: Turn): Float32Array | null {
  const [input] = inputs;
  if (!input) return null;
  const squares = squaresAround(layer, input);
  return input.values.map((_, at) => responseAt(layer, input, squares, at).total);
}

/** What local response normalization did to one number. */
export function responseSum(layer: PlannedLayer, input: Tensor, at: number): ResponseSum {
  return responseAt(layer, input, squaresAround(layer, input), at);
}

function responseAt(
  { fields }: PlannedLayer,
  { values }: Tensor,
  around: Float32Array,
  at: number,
): ResponseSum {
  const [k = 0, alpha = 0, beta = 0] = ["k", "alpha", "beta"].map((name) => Number(fields[name]));
  const [x = 0, squares = 0] = [values[at], around[at]];
  const total = x * Math.pow(k + alpha * squares, -beta);
  return { kind: "response", x, k, alpha, squares, beta, total };
}

/** The sum of squares around each number, between channels or within one. */
function squaresAround({ fields }: PlannedLayer, { shape, values }: Tensor): Float32Array {
  const within = fields["across"] === "within";
  const axes = within ? shape.slice(1).map((_, axis) => axis + 1) : [0];
  return axes.reduce<Float32Array>(
    (sums, axis) => neighbours(sums, shape, axis, Number(fields["size"] ?? 5)),
    values.map((value) => value * value),
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
