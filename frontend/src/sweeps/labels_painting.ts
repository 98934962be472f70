import type { Palette } from "../painting/palette";
import { type Frame, yOf } from "./coordinates";

const FONT = '12px system-ui, "PingFang SC", "Noto Sans SC", sans-serif';

/** A figure on its own ground, so that lines do not cross it. */
export function drawFigure(
  context: CanvasRenderingContext2D,
  text: string,
  place: { x: number; y: number },
  align: "left" | "right",
  palette: Palette,
): void {
  context.font = FONT;
  context.textAlign = align;
  context.textBaseline = "middle";
  const width = context.measureText(text).width;
  const left = align === "left" ? place.x : place.x - width;
  context.globalAlpha = 0.8;
  context.fillStyle = palette.paper;
  context.fillRect(left - 2, place.y - 8, width + 4, 16);
  context.globalAlpha = 1;
  context.fillStyle = palette.second;
  context.fillText(text, place.x, place.y + 0.5);
}

/** The ends of a chart's height, and the far end of its width. */
export function drawEnds(
  context: CanvasRenderingContext2D,
  frame: Frame,
  said: { low: string; high: string; last: string },
  palette: Palette,
): void {
  drawFigure(context, said.high, { x: 2, y: yOf(1, frame) }, "left", palette);
  drawFigure(context, said.low, { x: 2, y: yOf(0, frame) }, "left", palette);
  const below = { x: frame.width - 2, y: frame.height - 8 };
  drawFigure(context, said.last, below, "right", palette);
}
