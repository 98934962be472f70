import type { Json, Plan } from "../../wire/plan";

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

type Term = (x: number, y: number) => number;

const FURTHEST = 5;

/** Every function of a point that a layer computes, in the order of its units; null for an unknown
 * term: chosen ones, products of powers, bumps. */
export function functionsOf(fields: Record<string, Json>): Term[] | null {
  const names = Array.isArray(fields["terms"]) ? fields["terms"].map(String) : [];
  const terms = names.flatMap((name) => TERMS[name] ?? []);
  if (terms.length !== names.length) return null;
  const { degree = 0, radial = 0, width = 2 } = fields;
  return [...terms, ...products(Number(degree)), ...bumps(Number(radial), Number(width))];
}

function products(degree: number): Term[] {
  const found: Term[] = [];
  for (let whole = 2; whole <= degree; whole++)
    for (let j = 0; j <= whole; j++) found.push((x, y) => x ** (whole - j) * y ** j);
  return found;
}

function bumps(radial: number, width: number): Term[] {
  const line = Array.from({ length: radial }, (_, place) =>
    radial > 1 ? -FURTHEST + (2 * FURTHEST * place) / (radial - 1) : 0,
  );
  return line.flatMap((b) =>
    line.map(
      (a): Term =>
        (x, y) =>
          Math.exp(-((x - a) ** 2 + (y - b) ** 2) / (2 * width ** 2)),
    ),
  );
}

/** All terms, in the order in which they stand in a column. */
export const ALL_TERMS: readonly string[] = Object.keys(TERM_NAMES);

/** The terms of a point that the net reads; null where it does not read points of the plane. */
export function termsOf(plan: Plan): string[] | null {
  if (plan.data?.input.length !== 1 || plan.data.input[0] !== 2) return null;
  const [first] = plan.layers;
  const terms = first?.type === "features" ? first.fields["terms"] : ["x", "y"];
  return Array.isArray(terms) ? terms.map(String) : null;
}
