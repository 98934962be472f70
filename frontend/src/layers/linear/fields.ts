import { arrayOf, type Picture } from "../../wire/frame";

/**
 * W·x + b at every place: inputs [width, places] → sums [units, places], with W [units, width]
 * from the weights of a frame; null where W is not among them.
 */
export function linearFields(
  name: string,
  weights: Picture,
  inputs: Float32Array,
  places: number,
): Float32Array | null {
  const weight = arrayOf(weights, `${name}.weight`);
  const [units = 0, width = 0] = weight?.shape ?? [];
  if (!weight || width * places !== inputs.length) return null;
  const bias = arrayOf(weights, `${name}.bias`)?.values;
  const sums = new Float32Array(units * places);
  for (let unit = 0; unit < units; unit++) {
    const row = sums.subarray(unit * places, (unit + 1) * places).fill(bias?.[unit] ?? 0);
    for (let from = 0; from < width; from++) {
      addScaled(row, inputs, from * places, weight.values[unit * width + from] ?? 0);
    }
  }
  return sums;
}

// Apart, so that the engine compiles the one loop in which all of the time is spent.
function addScaled(row: Float32Array, inputs: Float32Array, start: number, factor: number): void {
  for (let place = 0; place < row.length; place++) {
    row[place] = (row[place] as number) + factor * (inputs[start + place] as number);
  }
}
