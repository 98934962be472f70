import { valueAt } from "../draft/edits";
import type { Picture } from "../wire/frame";
import { arrayOf } from "../wire/frame";
import type { Document, Json, PlannedData } from "../wire/plan";

/** A point as a document holds it: its class, or its target in a regression. */
export type DrawnPoint = readonly [x: number, y: number, label: number];

export type Task = PlannedData["task"];

export const DRAWN = "drawn";
/** As many as the service takes. */
export const MOST_POINTS = 5_000;
/** As many as have a colour and a shape. */
export const MOST_CLASSES = 8;
// Finer than a pixel of the large field, and short in the document.
const DECIMALS = 100;

/** The points that a document holds itself; null where its data come from elsewhere. */
export function drawnPoints(document: Document): DrawnPoint[] | null {
  const written = document["data"];
  const name = typeof written === "string" ? written : valueAt(document, ["data", "name"]);
  if (name !== DRAWN) return null;
  const points = valueAt(document, ["data", "options", "points"]);
  return Array.isArray(points) ? points.map(readPoint).filter((point) => point !== null) : [];
}

export function drawnTask(document: Document): Task {
  const task = valueAt(document, ["data", "options", "task"]);
  return task === "regression" ? task : "classification";
}

/** The document with these points as its data; its split stays. */
export function withDrawn(document: Document, points: readonly DrawnPoint[], task: Task): Document {
  const split = valueAt(document, ["data", "split"]);
  const written: Json = points.map((point) => [...point]);
  const options = task === "regression" ? { task, points: written } : { points: written };
  const data = split === undefined ? { name: DRAWN, options } : { name: DRAWN, options, split };
  return { ...document, data };
}

/** The samples of some parts as points of a document. */
export function pointsOf(parts: readonly (Picture | undefined)[]): DrawnPoint[] {
  return parts.flatMap((part) => {
    const inputs = arrayOf(part, "inputs")?.values ?? [];
    const targets = arrayOf(part, "targets")?.values ?? [];
    return Array.from(targets, (target, index): DrawnPoint => {
      const [x = 0, y = 0] = [inputs[2 * index], inputs[2 * index + 1]];
      return [rounded(x), rounded(y), rounded(target)];
    });
  });
}

/** The points that lie farther from a place than a radius. */
export function erased(
  points: readonly DrawnPoint[],
  x: number,
  y: number,
  radius: number,
): readonly DrawnPoint[] {
  const left = points.filter((point) => Math.hypot(point[0] - x, point[1] - y) > radius);
  return left.length === points.length ? points : left;
}

/** How many classes there are up to the highest that has a point. */
export function classCount(points: readonly DrawnPoint[]): number {
  return points.reduce((most, [, , label]) => Math.max(most, label + 1), 0);
}

/** The classes of the brush: those that are there and the next one, at least two, at most eight. */
export function offeredClasses(points: readonly DrawnPoint[]): number {
  return Math.min(MOST_CLASSES, Math.max(2, classCount(points) + 1));
}

export function rounded(value: number): number {
  // Adding zero turns −0 into 0, which a document would write as -0.
  return Math.round(value * DECIMALS) / DECIMALS + 0;
}

function readPoint(point: Json): DrawnPoint | null {
  if (!Array.isArray(point)) return null;
  const [x, y, label] = point.map(Number);
  const numbers = [x, y, label].every(Number.isFinite);
  return numbers ? [x as number, y as number, label as number] : null;
}
