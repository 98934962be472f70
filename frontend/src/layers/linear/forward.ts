import { arrayOf } from "../../wire/frame";
import type { Turn } from "../turn";

/** W·x + b over the last axis, with W [to, from]; null where W is not among the weights. */
export function forwardLinear({ layer, weights, inputs }: Turn): Float32Array | null {
  const [input] = inputs;
  const weight = arrayOf(weights, `${layer.name}.weight`);
  const [units = 0, width = 0] = weight?.shape ?? [];
  if (!weight || !input || input.values.length % width) return null;
  const bias = arrayOf(weights, `${layer.name}.bias`)?.values;
  const rows = input.values.length / width;
  const sums = new Float32Array(rows * units);
  for (let at = 0; at < sums.length; at++) {
    const unit = at % units;
    const row = Math.floor(at / units) * width;
    let sum = bias?.[unit] ?? 0;
    for (let from = 0; from < width; from++) {
      sum += (weight.values[unit * width + from] ?? 0) * (input.values[row + from] ?? 0);
    }
    sums[at] = sum;
  }
  return sums;
}
