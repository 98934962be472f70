import { arrayOf, type Picture } from "../../wire/frame";

/** W·x + b with W [to, from] from the weights of a frame; null where W is not among them. */
export function forwardLinear(name: string, weights: Picture, input: number[]): number[] | null {
  const weight = arrayOf(weights, `${name}.weight`);
  const [units = 0, width = 0] = weight?.shape ?? [];
  if (!weight || width !== input.length) return null;
  const bias = arrayOf(weights, `${name}.bias`)?.values;
  return Array.from({ length: units }, (_, unit) =>
    input.reduce(
      (sum, value, from) => sum + (weight.values[unit * width + from] ?? 0) * value,
      bias?.[unit] ?? 0,
    ),
  );
}
