import type { Document, Json, Plan } from "../wire/plan";
import { namesIn } from "./names";
import { placeIn } from "./pointer";
import { type Gap, layersOf, withLayer } from "./structure";

/** A layer that a join reads beside the one that reaches it. */
export interface Other {
  name: string;
  shape: readonly number[];
}

const TOP = "/network/layers";
const SAME_SHAPE: ReadonlySet<string> = new Set(["add", "multiply", "mean"]);

/** Whether the kind of layer is a join of several that can be offered as a shortcut. */
export function isJoin(type: string): boolean {
  return SAME_SHAPE.has(type) || type === "concat";
}

/** The earlier layers whose shape lets them be joined in a gap, the nearest first. */
export function othersFor(type: string, document: Document, plan: Plan, gap: Gap): Other[] {
  const { list, index } = placeIn(gap.beside);
  const here = shapeOf(plan, gap.reads);
  if (list !== TOP || !here || !isJoin(type)) return [];
  const before = namesIn(layersOf(document)).slice(0, gap.side === "after" ? index + 1 : index);
  return ["input", ...before]
    .filter((name) => name !== gap.reads)
    .flatMap((name) => {
      const shape = shapeOf(plan, name);
      return shape && joins(type, here, shape) ? [{ name, shape }] : [];
    })
    .toReversed();
}

/** The document with a join in a gap, of what reaches it and of another layer. */
export function withJoin(document: Document, gap: Gap, written: Json, other: string): Document {
  return withLayer(document, gap, written, [gap.reads, other]);
}

function joins(type: string, one: readonly number[], other: readonly number[]): boolean {
  const from = SAME_SHAPE.has(type) ? 0 : 1;
  return one.length === other.length && one.slice(from).join() === other.slice(from).join();
}

/** What an entry of the network answers; the last of its layers for one that holds several. */
function shapeOf(plan: Plan, name: string): number[] | undefined {
  if (name === "input") return plan.data?.input;
  return plan.layers.findLast((layer) => layer.name.split("/")[0] === name)?.output;
}
