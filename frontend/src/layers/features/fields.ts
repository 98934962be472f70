import type { Json } from "../../wire/plan";
import { functionsOf } from "./terms";

/** The terms at every place: points [2, places] → [terms, places]; null for an unknown term. */
export function featureFields(
  fields: Record<string, Json>,
  points: Float32Array,
  places: number,
): Float32Array | null {
  const terms = functionsOf(fields);
  if (!terms || points.length !== 2 * places) return null;
  const values = new Float32Array(terms.length * places);
  terms.forEach((term, index) => {
    for (let place = 0; place < places; place++) {
      const x = points[place] as number;
      values[index * places + place] = term(x, points[places + place] as number);
    }
  });
  return values;
}
