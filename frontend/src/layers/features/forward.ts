import type { Turn } from "../turn";
import { functionsOf } from "./terms";

/** The functions of a point of the plane; null where one of them is not known here. */
export function forwardFeatures({ layer, inputs }: Turn): Float32Array | null {
  const [x = 0, y = 0] = inputs[0]?.values ?? [];
  const functions = functionsOf(layer.fields);
  return functions ? Float32Array.from(functions, (term) => term(x, y)) : null;
}
