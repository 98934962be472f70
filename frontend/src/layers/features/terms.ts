import type { Plan } from "../../wire/plan";

/** How the terms of a `features` layer are written in a sum. */
export const TERM_NAMES: Readonly<Record<string, string>> = {
  x: "x₁",
  y: "x₂",
  x2: "x₁²",
  y2: "x₂²",
  xy: "x₁x₂",
  sin_x: "sin x₁",
  sin_y: "sin x₂",
};

/** What each term computes of a point. */
export const TERMS: Readonly<Record<string, (x: number, y: number) => number>> = {
  x: (x) => x,
  y: (_, y) => y,
  x2: (x) => x * x,
  y2: (_, y) => y * y,
  xy: (x, y) => x * y,
  sin_x: (x) => Math.sin(x),
  sin_y: (_, y) => Math.sin(y),
};

/** All terms, in the order in which they stand in a column. */
export const ALL_TERMS: readonly string[] = Object.keys(TERM_NAMES);

/** The terms of a point that the net reads; null where it does not read points of the plane. */
export function termsOf(plan: Plan): string[] | null {
  if (plan.data?.input.length !== 1 || plan.data.input[0] !== 2) return null;
  const [first] = plan.layers;
  const terms = first?.type === "features" ? first.fields["terms"] : ["x", "y"];
  return Array.isArray(terms) ? terms.map(String) : null;
}
