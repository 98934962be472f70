import type { Theme } from "../colour/scales";
import type { DrawnPoint } from "../points/drawn";
import { classColour, outlineOf, ROUND, valueColour } from "../points/marks";
import { arrayOf, type Picture } from "../wire/frame";
import type { Palette } from "./palette";

/** How the points of a part are drawn. */
export interface PointStyle {
  extent: number;
  size: number;
  hollow: boolean;
  regression: boolean;
  /** More than two classes, each in a colour and a shape of its own. */
  several: boolean;
  /** So small that rings would hide the marks. */
  bare?: boolean;
}

const POINT = 3;
// The large picture of a desk's screen; a phone's has smaller points, or they hide the field.
const FULL_SIZE = 368;
const SMALLEST = 2.2;
const RING = 6;

/** Draws samples of the plane: solid with a ring for training, hollow for held-out ones. */
export function drawPoints(
  context: CanvasRenderingContext2D,
  samples: Picture,
  style: PointStyle,
  theme: Theme,
  palette: Palette,
): void {
  const inputs = arrayOf(samples, "inputs")?.values;
  const targets = arrayOf(samples, "targets")?.values;
  if (!inputs || !targets) return;
  const points = Array.from(targets, (target, index): DrawnPoint => [
    inputs[2 * index] ?? 0,
    inputs[2 * index + 1] ?? 0,
    target,
  ]);
  drawMarks(context, points, style, theme, palette);
}

export function drawMarks(
  context: CanvasRenderingContext2D,
  points: readonly DrawnPoint[],
  style: PointStyle,
  theme: Theme,
  palette: Palette,
): void {
  const outlines = new Map<number, Path2D>();
  const radius = style.bare ? POINT : Math.max(SMALLEST, (POINT * style.size) / FULL_SIZE);
  context.save();
  context.lineJoin = "round";
  for (const [x, y, target] of points) {
    const kind = style.regression ? -1 : target;
    const outline = outlines.get(kind) ?? new Path2D(kind < 0 ? ROUND : outlineOf(kind));
    outlines.set(kind, outline);
    const [left, top] = placeOf(x, y, style);
    context.save();
    context.translate(left, top);
    context.scale(radius, radius);
    drawMark(context, outline, targetColour(target, style, theme), style, palette);
    context.restore();
  }
  context.restore();
}

function drawMark(
  context: CanvasRenderingContext2D,
  outline: Path2D,
  colour: string,
  style: PointStyle,
  palette: Palette,
): void {
  context.fillStyle = style.hollow ? palette.surface : colour;
  if (style.bare) return context.fill(outline);
  context.lineWidth = (style.hollow ? 3 : 2) / POINT;
  // Eight colours cannot all stand out from a field that is mixed of them; a ring of ink does.
  context.strokeStyle = style.several ? palette.ink : palette.surface;
  context.stroke(outline);
  context.fill(outline);
  if (!style.hollow) return;
  context.lineWidth = 1.5 / POINT;
  context.strokeStyle = colour;
  context.stroke(outline);
}

/** Rings around the points that weigh most, the strength by their share of the greatest. */
export function drawRings(
  context: CanvasRenderingContext2D,
  rings: readonly { x: number; y: number; share: number }[],
  style: Pick<PointStyle, "extent" | "size">,
  colour: string,
): void {
  const before = context.globalAlpha;
  context.strokeStyle = colour;
  context.lineWidth = 2;
  for (const { x, y, share } of rings) {
    context.globalAlpha = before * (0.4 + 0.6 * share);
    context.beginPath();
    context.arc(...placeOf(x, y, style), RING + 3 * share, 0, 2 * Math.PI);
    context.stroke();
  }
  context.globalAlpha = before;
}

/** A cross where the keyboard would put a point. */
export function drawCursor(
  context: CanvasRenderingContext2D,
  at: { x: number; y: number },
  style: Pick<PointStyle, "extent" | "size">,
  colour: string,
): void {
  const [x, y] = placeOf(at.x, at.y, style);
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.beginPath();
  for (const [dx, dy] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ] as const) {
    context.moveTo(x + 4 * dx, y + 4 * dy);
    context.lineTo(x + 10 * dx, y + 10 * dy);
  }
  context.stroke();
}

/** Class 1 is blue and class 0 orange, as the field's sign; more classes have their own. */
export function targetColour(
  target: number,
  style: Pick<PointStyle, "regression" | "several">,
  theme: Theme,
): string {
  if (style.several) return classColour(target, theme);
  return valueColour(style.regression ? target : 2 * target - 1, theme);
}

function placeOf(
  x: number,
  y: number,
  { extent, size }: Pick<PointStyle, "extent" | "size">,
): [number, number] {
  const scale = size / (2 * extent);
  return [(x + extent) * scale, (extent - y) * scale];
}
