import type { Json } from "../../wire/plan";
import type { Tensor } from "../turn";

type Fields = Record<string, Json>;

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

const FUNCTIONS: Readonly<Record<string, (x: number, fields: Fields) => number>> = {
  identity: (x) => x,
  step: (x) => (x > 0 ? 1 : 0),
  sigmoid,
  tanh: Math.tanh,
  relu: (x) => Math.max(0, x),
  // While nobody trains, every slope is the mean of those that are drawn.
  rrelu: (x, { lower, upper }) => (x > 0 ? x : (x * (Number(lower) + Number(upper))) / 2),
  leaky_relu: (x, fields) => (x > 0 ? x : x * Number(fields["negative_slope"] ?? 0.01)),
  elu: (x, fields) => (x > 0 ? x : Number(fields["alpha"] ?? 1) * Math.expm1(x)),
  gelu: (x, fields) => (fields["approximate"] === "tanh" ? softGelu(x) : gelu(x)),
  silu: (x) => x * sigmoid(x),
};

/** An activation of every number, or of the channels; null for one that is not known here. */
export function forwardActivation(
  type: string,
  fields: Fields,
  input: Tensor,
): Float32Array | null {
  if (type === "softmax") return shares(input);
  if (type === "log_softmax") return shares(input).map(Math.log);
  if (type === "identity") return input.values;
  const apply = functionOf(type, fields);
  return apply ? input.values.map((value) => apply(value)) : null;
}

/** Whether an activation is known here. */
export function isFunction(type: string): boolean {
  return type === "softmax" || type === "log_softmax" || type in FUNCTIONS;
}

/** An activation that treats each number alone; null for softmax and for one unknown here. */
export function functionOf(type: string, fields: Fields): ((x: number) => number) | null {
  const apply = FUNCTIONS[type];
  return apply ? (x) => apply(x, fields) : null;
}

/** exp(x) over its sum along the first axis: over units, or over channels at each place. */
function shares({ shape, values }: Tensor): Float32Array {
  const answers = new Float32Array(values.length);
  const places = values.length / (shape[0] ?? values.length);
  for (let place = 0; place < places; place++) {
    let peak = -Infinity;
    for (let at = place; at < values.length; at += places) peak = Math.max(peak, values[at] ?? 0);
    let total = 0;
    for (let at = place; at < values.length; at += places) {
      total += Math.exp((values[at] ?? 0) - peak);
    }
    for (let at = place; at < values.length; at += places) {
      answers[at] = Math.exp((values[at] ?? 0) - peak) / total;
    }
  }
  return answers;
}

function gelu(x: number): number {
  return 0.5 * x * (1 + errorFunction(x / Math.SQRT2));
}

/** The approximation of Hendrycks and Gimpel 2016. */
function softGelu(x: number): number {
  return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
}

/** Within 1.5·10⁻⁷ everywhere (Abramowitz and Stegun 7.1.26). */
function errorFunction(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const factors = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];
  const sum = factors.reduce((inner, factor) => (inner + factor) * t, 0);
  return Math.sign(x) * (1 - sum * Math.exp(-x * x));
}
