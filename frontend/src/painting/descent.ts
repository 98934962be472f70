import type { Theme } from "../colour/scales";
import type { Descent } from "../descent/descent";
import { across, down, type Range, rangeOf } from "../descent/frame";
import { type Palette, PALETTES } from "./palette";
import { type Box, Relief } from "./relief";

const DOT = 6;
const TRACE = 2.5;

interface Place {
  x: number;
  y: number;
}

/** A plain function with the way of its descent: a curve of one variable, a map of two. */
export class DescentPainting {
  private readonly relief = new Relief();

  draw(
    context: CanvasRenderingContext2D,
    descent: Descent,
    width: number,
    height: number,
    theme: Theme,
  ): void {
    const palette = PALETTES[theme];
    if (descent.variables.length === 1) curve(context, descent, { width, height, palette });
    else if (descent.values) this.map(context, descent, { width, height, palette });
  }

  private map(context: CanvasRenderingContext2D, descent: Descent, box: Box): void {
    const { values, side, extent } = descent;
    if (!values) return;
    this.relief.draw(context, { values, side }, box);
    const places = descent.way.map(({ at: [x = 0, y = 0] }) => ({
      x: across(x, extent) * box.width,
      y: (1 - across(y, extent)) * box.height,
    }));
    way(context, places, box.palette);
  }
}

function curve(context: CanvasRenderingContext2D, descent: Descent, box: Box): void {
  const { values, side, extent } = descent;
  if (!values) return;
  const range = rangeOf(descent);
  axes(context, range, box);
  context.beginPath();
  let open = false;
  for (let index = 0; index < side; index++) {
    const value = values[index] ?? NaN;
    const [x, y] = [(index / (side - 1)) * box.width, down(value, range) * box.height];
    if (!Number.isFinite(y)) open = false;
    else if (open) context.lineTo(x, y);
    else {
      context.moveTo(x, y);
      open = true;
    }
  }
  context.lineWidth = 2;
  context.strokeStyle = box.palette.ink;
  context.stroke();
  const places = descent.way.map(({ at: [x = 0], value }) => ({
    x: across(x, extent) * box.width,
    y: down(value, range) * box.height,
  }));
  way(context, places, box.palette);
}

function axes(context: CanvasRenderingContext2D, range: Range, box: Box): void {
  context.strokeStyle = box.palette.hairline;
  context.lineWidth = 1;
  context.beginPath();
  const floor = Math.round(down(0, range) * box.height) + 0.5;
  context.moveTo(0, floor);
  context.lineTo(box.width, floor);
  context.moveTo(Math.round(box.width / 2) + 0.5, 0);
  context.lineTo(Math.round(box.width / 2) + 0.5, box.height);
  context.stroke();
}

/** Where it came from as a thin line of dots, where it stands as one large dot. */
function way(context: CanvasRenderingContext2D, places: readonly Place[], palette: Palette): void {
  const seen = places.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  context.globalAlpha = 0.6;
  context.strokeStyle = palette.accent;
  context.fillStyle = palette.accent;
  context.lineWidth = 1;
  context.beginPath();
  for (const [index, { x, y }] of seen.entries()) {
    if (index) context.lineTo(x, y);
    else context.moveTo(x, y);
  }
  context.stroke();
  for (const place of seen.slice(0, -1)) dot(context, place, TRACE);
  context.globalAlpha = 1;
  const here = seen.at(-1);
  if (!here) return;
  dot(context, here, DOT);
  context.strokeStyle = palette.surface;
  context.lineWidth = 2;
  context.stroke();
}

function dot(context: CanvasRenderingContext2D, { x, y }: Place, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}
