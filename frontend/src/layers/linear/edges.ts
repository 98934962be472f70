import { cssColour, SIGNED_LOOKUP, type Theme } from "../../colour/scales";
import type { Joint, Tile } from "../../layout/layout";
import type { Spot } from "../../page/state";
import type { PictureArray } from "../../wire/frame";

/** A joint with more edges is drawn as a picture of its matrix. */
export const MOST_EDGES = 600;

const DIMMED = 0.12;
const PERCENTILE = 0.95;
const MATRIX_WIDTH = 48;
// Edges of smaller tiles are thinner, or they hide the band of the phone.
const FULL_TILE = 36;

export interface Edge {
  from: Tile;
  to: Tile;
  weight: number;
  /** Size against the joint's 95th percentile, at most 1. */
  share: number;
  pointed: boolean;
}

/** The edges of a dense joint, thin ones first, from its weights [to, from]. */
export function edgesOf(joint: Joint, weights: PictureArray, spot: Spot | null): Edge[] {
  const width = weights.shape[1] ?? 1;
  const limit = percentile(weights.values, PERCENTILE) || 1;
  const edges = joint.to.tiles.flatMap((to) =>
    joint.from.tiles.map((from) => {
      const weight = weights.values[to.index * width + from.index] ?? 0;
      const share = Math.min(1, Math.abs(weight) / limit);
      return { from, to, weight, share, pointed: leadsTo(joint, to, spot) };
    }),
  );
  return edges.sort((a, b) => a.share - b.share);
}

/** What each weight [to, from] contributes to its sum for one input. */
export function termsOf(weights: PictureArray, input: ArrayLike<number>): PictureArray {
  const values = weights.values.map((weight, at) => weight * (input[at % input.length] ?? 0));
  return { ...weights, values };
}

/** Draws edges: width, strength and colour tell the weight; in one colour, only its size. */
export function drawEdges(
  context: CanvasRenderingContext2D,
  edges: readonly Edge[],
  theme: Theme,
  anySpot: boolean,
  colour?: string,
): void {
  const strength = context.globalAlpha;
  for (const edge of edges) {
    const dim = anySpot && !edge.pointed ? DIMMED : 1;
    context.globalAlpha = strength * dim * (0.25 + 0.75 * edge.share);
    context.lineWidth = (0.75 + 4.25 * edge.share) * Math.min(1, edge.to.height / FULL_TILE);
    context.strokeStyle = colour ?? cssColour(SIGNED_LOOKUP[theme], edge.weight < 0 ? 24 : 231);
    drawCurve(context, edge.from, edge.to);
  }
  context.globalAlpha = strength;
}

/** Draws a joint whose weights are not known as one quiet bundle. */
export function drawBundle(context: CanvasRenderingContext2D, joint: Joint, colour: string): void {
  context.lineWidth = 0.75;
  context.strokeStyle = colour;
  for (const to of joint.to.tiles) {
    for (const from of joint.from.tiles) drawCurve(context, from, to);
  }
}

/** The box in which the matrix of a wide joint stands, half way between its cards. */
export function matrixBox(joint: Joint): { x: number; y: number; width: number; height: number } {
  const left = joint.from.box.x + joint.from.box.width;
  const middle = (left + joint.to.box.x) / 2;
  const centre = joint.to.box.y + joint.to.box.height / 2;
  const width = Math.min(MATRIX_WIDTH, Math.max(8, joint.to.box.x - left - 8));
  return { x: middle - width / 2, y: centre - width / 2, width, height: width };
}

/** The value below which a share of all absolute values lies. */
export function percentile(values: Float32Array, share: number): number {
  const sorted = Float32Array.from(values, Math.abs).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function leadsTo(joint: Joint, to: Tile, spot: Spot | null): boolean {
  return spot?.card === joint.to.name && spot.index === to.index;
}

function drawCurve(context: CanvasRenderingContext2D, from: Tile, to: Tile): void {
  const startX = from.x + from.width;
  const startY = from.y + from.height / 2;
  const endY = to.y + to.height / 2;
  const bend = (to.x - startX) * 0.5;
  context.beginPath();
  context.moveTo(startX, startY);
  context.bezierCurveTo(startX + bend, startY, to.x - bend, endY, to.x, endY);
  context.stroke();
}
