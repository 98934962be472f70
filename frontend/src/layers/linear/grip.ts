import type { Layout, Tile } from "../../layout/layout";
import type { Grip } from "../../hand/hand";

/** An edge of a dense joint with the number that it stands for. */
export interface HeldEdge {
  grip: Grip;
  from: Tile;
  to: Tile;
}

const REACH = 6;
const HALVINGS = 20;

/** The edge nearest to a place of the canvas, within reach; null where there is none. */
export function edgeAt(layout: Layout, x: number, y: number): HeldEdge | null {
  let nearest: HeldEdge | null = null;
  let least = REACH;
  for (const { from, to } of layout.joints) {
    if (to.type !== "linear") continue;
    for (const end of to.tiles) {
      for (const start of from.tiles) {
        const distance = Math.abs(heightOf(start, end, x) - y);
        if (distance >= least) continue;
        least = distance;
        const grip = { name: `${to.name}.weight`, index: [end.index, start.index] };
        nearest = { grip, from: start, to: end };
      }
    }
  }
  return nearest;
}

/** The middle of an edge. */
export function middleOf({ from, to }: Pick<HeldEdge, "from" | "to">): { x: number; y: number } {
  const left = from.x + from.width;
  return { x: (left + to.x) / 2, y: (from.y + from.height / 2 + to.y + to.height / 2) / 2 };
}

/** The edge or the unit that a number belongs to, in a layout; null where it is not drawn. */
export function placeOfGrip(
  { name, index }: Grip,
  layout: Layout,
): { x: number; y: number } | null {
  const [layer, kind] = split(name);
  const joint = layout.joints.find(({ to }) => to.name === layer);
  const to = joint?.to.tiles[index[0] ?? 0];
  if (!joint || !to) return null;
  if (kind === "bias") return { x: to.x, y: to.y + to.height };
  const from = joint.from.tiles[index[1] ?? 0];
  return from ? middleOf({ from, to }) : null;
}

/** A full name as layer and parameter. */
export function split(name: string): [string, string] {
  const dot = name.lastIndexOf(".");
  return [name.slice(0, dot), name.slice(dot + 1)];
}

/** The height of the drawn curve at x; infinitely far away beside it. */
function heightOf(from: Tile, to: Tile, x: number): number {
  const left = from.x + from.width;
  const along = (x - left) / (to.x - left);
  if (along < 0 || along > 1) return Infinity;
  // Along a Bézier curve with both handles at half way: x = 1.5t(1 − t) + t³, y = 3t² − 2t³.
  let [low, high] = [0, 1];
  for (let round = 0; round < HALVINGS; round++) {
    const t = (low + high) / 2;
    if (1.5 * t * (1 - t) + t ** 3 < along) low = t;
    else high = t;
  }
  const [start, end] = [from.y + from.height / 2, to.y + to.height / 2];
  return start + (end - start) * (3 * low ** 2 - 2 * low ** 3);
}
