import type { Json } from "../../wire/plan";
import { functionOf } from "./forward";

/** An activation at every place: [units, places] → the same; null for one unknown here. */
export function activationFields(
  type: string,
  fields: Record<string, Json>,
  inputs: Float32Array,
  places: number,
): Float32Array | null {
  if (type === "identity") return inputs;
  if (type === "softmax") return shareFields(inputs, places);
  const apply = functionOf(type, fields);
  return apply && inputs.map(apply);
}

/** The shares of the units at each place. */
export function shareFields(inputs: Float32Array, places: number): Float32Array {
  const units = inputs.length / places;
  const shares = new Float32Array(inputs.length);
  for (let place = 0; place < places; place++) {
    let peak = -Infinity;
    let total = 0;
    for (let unit = 0; unit < units; unit++) {
      peak = Math.max(peak, inputs[unit * places + place] as number);
    }
    for (let unit = 0; unit < units; unit++) {
      const power = Math.exp((inputs[unit * places + place] as number) - peak);
      shares[unit * places + place] = power;
      total += power;
    }
    for (let unit = 0; unit < units; unit++) {
      const share = (shares[unit * places + place] as number) / total;
      shares[unit * places + place] = share;
    }
  }
  return shares;
}
