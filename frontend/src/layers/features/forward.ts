import type { Turn } from "../turn";
import { TERMS } from "./terms";

/** The terms of a point of the plane; null where one of them is not known here. */
export function forwardFeatures({ layer, inputs }: Turn): Float32Array | null {
  const [x = 0, y = 0] = inputs[0]?.values ?? [];
  const names = Array.isArray(layer.fields["terms"]) ? layer.fields["terms"].map(String) : [];
  const terms = names.flatMap((name) => TERMS[name] ?? []);
  return terms.length === names.length ? Float32Array.from(terms, (term) => term(x, y)) : null;
}
