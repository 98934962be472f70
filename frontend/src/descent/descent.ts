import { valueAt, withValue } from "../draft/edits";
import { arrayOf, type Picture } from "../wire/frame";
import type { Document, Plan } from "../wire/plan";
import type { Probe } from "../wire/types";

const CURVE_POINTS = 257;
const MAP_SIDE = 96;

/** One point of the way: the variables, and the value there. */
export interface Waypoint {
  at: number[];
  value: number;
}

/** A plain function over its window, and the way that its descent took; the last point is now. */
export interface Descent {
  expression: string;
  variables: string[];
  extent: number;
  /** Along the axis of one variable, or rows of the second one from the top; none of three. */
  values: Float32Array | null;
  side: number;
  way: Waypoint[];
}

export function isFunction(plan: Plan | null): boolean {
  return plan?.function !== undefined;
}

/** The variables of a planned function, in the order of its start. */
export function variablesOf(plan: Plan): string[] {
  const tensors = plan.layers[0]?.tensors ?? [];
  return tensors.filter(({ buffer }) => !buffer).map(({ name }) => name);
}

export function descentProbe(plan: Plan): Probe {
  const resolution = variablesOf(plan).length === 1 ? CURVE_POINTS : MAP_SIDE;
  return { kind: "descent", resolution };
}

export function descentOf(picture: Picture | undefined): Descent | null {
  const path = arrayOf(picture, "path");
  if (!picture || !path) return null;
  const width = path.shape[1] ?? 1;
  const values = arrayOf(picture, "values");
  return {
    expression: String(picture.meta["expression"] ?? ""),
    variables: (picture.meta["variables"] as string[] | undefined) ?? [],
    extent: Number(picture.meta["extent"] ?? 1),
    values: values?.values ?? null,
    side: values?.shape[0] ?? 0,
    way: Array.from({ length: path.shape[0] ?? 0 }, (_, row) => ({
      at: [...path.values.slice(row * width, row * width + width - 1)],
      value: path.values[row * width + width - 1] ?? NaN,
    })),
  };
}

const WORD = /[a-z][a-z0-9_]*/g;
const VARIABLE = /^[a-z]\d{0,3}$/;

/** The variables that an expression names, in the order of the alphabet. */
export function variablesIn(expression: string): string[] {
  const words = expression.match(WORD) ?? [];
  return [...new Set(words.filter((word) => VARIABLE.test(word)))].toSorted();
}

/** Another expression; a variable that stays keeps its start, a new one begins at 1. */
export function withExpression(document: Document, expression: string): Document {
  const before = variablesIn(String(valueAt(document, ["function", "expression"]) ?? ""));
  const names = variablesIn(expression);
  const written = withValue(document, ["function", "expression"], expression);
  const start = valueAt(document, ["function", "start"]);
  if (!names.length || !Array.isArray(start) || names.join() === before.join()) return written;
  const begun = names.map((name) => start[before.indexOf(name)] ?? 1);
  return withValue(written, ["function", "start"], begun);
}

export function withStart(document: Document, index: number, value: number): Document {
  const written = valueAt(document, ["function", "start"]);
  const start = Array.isArray(written) ? [...written] : [];
  start[index] = value;
  return withValue(document, ["function", "start"], start);
}
