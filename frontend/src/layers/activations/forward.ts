import type { Json } from "../../wire/plan";

type Fields = Record<string, Json>;

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

const FUNCTIONS: Readonly<Record<string, (x: number, fields: Fields) => number>> = {
  identity: (x) => x,
  step: (x) => (x > 0 ? 1 : 0),
  sigmoid,
  tanh: Math.tanh,
  relu: (x) => Math.max(0, x),
  leaky_relu: (x, fields) => (x > 0 ? x : x * Number(fields["negative_slope"] ?? 0.01)),
  elu: (x, fields) => (x > 0 ? x : Number(fields["alpha"] ?? 1) * Math.expm1(x)),
  gelu: (x) => 0.5 * x * (1 + errorFunction(x / Math.SQRT2)),
  silu: (x) => x * sigmoid(x),
};

/** An activation of a vector; null for one that is not known here. */
export function forwardActivation(type: string, fields: Fields, input: number[]): number[] | null {
  if (type === "softmax") return shares(input);
  const apply = functionOf(type, fields);
  return apply ? input.map((value) => apply(value)) : null;
}

/** An activation that treats each number alone; null for softmax and for one unknown here. */
export function functionOf(type: string, fields: Fields): ((x: number) => number) | null {
  const apply = FUNCTIONS[type];
  return apply ? (x) => apply(x, fields) : null;
}

function shares(input: number[]): number[] {
  const peak = Math.max(...input);
  const powers = input.map((value) => Math.exp(value - peak));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/** Within 1.5·10⁻⁷ everywhere (Abramowitz and Stegun 7.1.26). */
function errorFunction(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const factors = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];
  const sum = factors.reduce((inner, factor) => (inner + factor) * t, 0);
  return Math.sign(x) * (1 - sum * Math.exp(-x * x));
}
