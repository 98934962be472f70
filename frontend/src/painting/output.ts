import type { Theme } from "../colour/scales";
import type { Point } from "../page/state";
import { type DrawnPoint, pointsOf, rounded } from "../points/drawn";
import type { Picture } from "../wire/frame";
import { type Field, FieldPainting } from "./fields";
import { drawGenerated, drawReal } from "./generated";
import { PALETTES } from "./palette";
import { drawCursor, drawMarks, drawPoints, drawRings, type PointStyle } from "./points";

const STALE_STRENGTH = 0.6;

/** All that the large picture of the plane shows at a moment. */
export interface OutputScene {
  field: Field | null;
  /** What still shows through while the field comes in, and how far that has come. */
  beneath: Field | null;
  share: number;
  stale: boolean;
  /** The points of a document that holds its own; null where the samples below are drawn. */
  drawn: readonly DrawnPoint[] | null;
  train: Picture | undefined;
  /** What is made of noise, in the midst of real samples. */
  generated: Picture | undefined;
  heldOut: readonly (Picture | undefined)[];
  showsHeldOut: boolean;
  regression: boolean;
  several: boolean;
  rings: readonly { x: number; y: number; share: number }[];
  cursor: Point | null;
  extent: number;
}

/** Draws a function of the plane with the points of the data on it. */
export class OutputPainting {
  private readonly fields = new FieldPainting();
  private readonly answers = new FieldPainting();

  draw(context: CanvasRenderingContext2D, scene: OutputScene, size: number, theme: Theme): void {
    const palette = PALETTES[theme];
    const { extent, regression, several } = scene;
    const style: PointStyle = { extent, size, regression, several, hollow: false };
    context.globalAlpha = scene.stale ? STALE_STRENGTH : 1;
    this.drawFields(context, scene, size, theme);
    if (scene.generated) {
      if (scene.train) drawReal(context, scene.train, style, palette);
      drawGenerated(context, scene.generated, style, palette);
    } else if (scene.drawn) {
      context.globalAlpha = 1;
      const [own, heldOut] = parted(scene.drawn, scene.heldOut);
      const hollow = { ...style, hollow: true };
      if (scene.showsHeldOut) drawMarks(context, heldOut, hollow, theme, palette);
      drawMarks(context, own, style, theme, palette);
    } else {
      for (const part of scene.showsHeldOut ? scene.heldOut : []) {
        if (part) drawPoints(context, part, { ...style, hollow: true }, theme, palette);
      }
      if (scene.train) drawPoints(context, scene.train, style, theme, palette);
    }
    drawRings(context, scene.rings, style, palette.backward);
    if (scene.cursor) drawCursor(context, scene.cursor, style, palette.ink);
  }

  private drawFields(
    context: CanvasRenderingContext2D,
    { field, beneath, share }: OutputScene,
    size: number,
    theme: Theme,
  ): void {
    const { ink } = PALETTES[theme];
    const before = context.globalAlpha;
    if (beneath && share < 1) {
      context.globalAlpha = before * (1 - share);
      this.answers.draw(context, beneath, theme, size, ink);
      context.globalAlpha = before * share;
    }
    if (field) this.fields.draw(context, field, theme, size, ink);
    context.globalAlpha = before;
  }
}

/** Drawn points apart from those of them that are known to be held out. */
export function parted(
  points: readonly DrawnPoint[],
  heldOut: readonly (Picture | undefined)[],
): [own: DrawnPoint[], heldOut: DrawnPoint[]] {
  const held = new Set(pointsOf(heldOut).map(keyOf));
  const own: DrawnPoint[] = [];
  const apart: DrawnPoint[] = [];
  for (const point of points) (held.has(keyOf(point)) ? apart : own).push(point);
  return [own, apart];
}

function keyOf(point: DrawnPoint): string {
  return point.map(rounded).join(" ");
}
