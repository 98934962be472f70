import type { Json } from "../../wire/plan";
import { TERMS } from "./terms";

/** The terms of a point of the plane; null where one of them is not known here. */
export function forwardFeatures(fields: Record<string, Json>, point: number[]): number[] | null {
  const [x = 0, y = 0] = point;
  const names = Array.isArray(fields["terms"]) ? fields["terms"].map(String) : [];
  const terms = names.flatMap((name) => TERMS[name] ?? []);
  return terms.length === names.length ? terms.map((term) => term(x, y)) : null;
}
