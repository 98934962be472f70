import { arrayOf, type Picture } from "../../wire/frame";
import type { PlannedLayer } from "../../wire/plan";
import type { Tensor } from "../turn";

/** One product of a dense sum. */
export interface Product {
  /** The number of the input that it reads. */
  from: number;
  weight: number;
  value: number;
}

/** W·x + b of one unit, its largest products first. */
export interface TermsSum {
  kind: "terms";
  products: Product[];
  /** How many more there are. */
  left: number;
  /** null where there is none. */
  bias: number | null;
  total: number;
}

const MOST_PRODUCTS = 6;

/** The sum of a dense unit over numbers in a row; null without its weights. */
export function termsSum(
  layer: PlannedLayer,
  input: Tensor,
  weights: Picture,
  unit: number,
): TermsSum | null {
  const weight = arrayOf(weights, `${layer.name}.weight`);
  const width = weight?.shape[1];
  if (!weight || width !== input.values.length) return null;
  const products = Array.from(input.values, (value, from): Product => {
    return { from, weight: weight.values[unit * width + from] ?? 0, value };
  });
  const bias = arrayOf(weights, `${layer.name}.bias`)?.values[unit] ?? null;
  const total = products.reduce((sum, { weight, value }) => sum + weight * value, bias ?? 0);
  products.sort((a, b) => Math.abs(b.weight * b.value) - Math.abs(a.weight * a.value));
  return {
    kind: "terms",
    products: products.slice(0, MOST_PRODUCTS),
    left: Math.max(0, products.length - MOST_PRODUCTS),
    bias,
    total,
  };
}
