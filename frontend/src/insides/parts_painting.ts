import { cssColour, SIGNED_LOOKUP, type Theme } from "../colour/scales";
import type { Palette } from "../painting/palette";
import type { Extent } from "../painting/surface";
import type { CurvePart, MaskPart, PartPicture, ScalingPart, WaysPart } from "./parts";

interface Look {
  theme: Theme;
  palette: Palette;
}

const FONT = "12px system-ui, sans-serif";
const MARGIN = 8;
const DASH = [4, 3];
const BAR = 18;

/** Draws the picture of one part over the whole canvas. */
export function drawPart(
  context: CanvasRenderingContext2D,
  extent: Extent,
  part: PartPicture,
  look: Look,
): void {
  context.font = FONT;
  if (part.kind === "curve") drawCurve(context, extent, part, look);
  else if (part.kind === "scaling") drawScaling(context, extent, part, look);
  else if (part.kind === "mask") drawMask(context, extent, part, look);
  else drawWays(context, extent, part, look);
}

/** The function in ink, its derivative dashed in the colour of what flows back, inputs behind. */
function drawCurve(
  context: CanvasRenderingContext2D,
  { width, height }: Extent,
  { curve, histogram, reach }: CurvePart,
  { theme, palette }: Look,
): void {
  const low = Math.max(-reach, Math.min(-0.25, ...curve.y, ...curve.slope));
  const high = Math.min(reach, Math.max(1.1, ...curve.y));
  const x = (value: number): number => ((value / reach + 1) / 2) * width;
  const y = (value: number): number =>
    height - MARGIN - ((value - low) / (high - low)) * (height - 2 * MARGIN);
  if (histogram) drawHistogram(context, histogram, width, height, theme);
  context.strokeStyle = palette.hairline;
  context.lineWidth = 1;
  line(context, [0, width], [y(0), y(0)]);
  line(context, [x(0), x(0)], [0, height]);
  const places = [...curve.x].map(x);
  context.setLineDash(DASH);
  context.strokeStyle = palette.backward;
  context.lineWidth = 1.5;
  line(context, places, [...curve.slope].map(y));
  context.setLineDash([]);
  context.strokeStyle = palette.ink;
  context.lineWidth = 2;
  line(context, places, [...curve.y].map(y));
  if (curve.at !== undefined) drawHere(context, x(curve.at), y(nearest(curve)), palette);
}

/** What the curve gives at the number that it is drawn for. */
function nearest({ x, y, at = 0 }: CurvePart["curve"]): number {
  const place = x.findIndex((value) => value >= at);
  return y[place] ?? 0;
}

/** A point with the line down to it: the number as it is now. */
function drawHere(context: CanvasRenderingContext2D, x: number, y: number, palette: Palette): void {
  context.fillStyle = palette.accent;
  context.strokeStyle = palette.surface;
  context.lineWidth = 1.5;
  context.beginPath();
  context.arc(x, y, 5, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
}

function drawHistogram(
  context: CanvasRenderingContext2D,
  histogram: Float32Array,
  width: number,
  height: number,
  theme: Theme,
): void {
  // The ends hold all that lies beyond them; they must not flatten the rest.
  const peak = Math.max(...histogram.subarray(1, -1), 1e-9);
  const each = width / histogram.length;
  for (const [at, share] of histogram.entries()) {
    const tall = Math.min(1, share / peak) * (height - MARGIN);
    const side = at < histogram.length / 2 ? 75 : 180;
    context.fillStyle = cssColour(SIGNED_LOOKUP[theme], side);
    context.fillRect(at * each, height - tall, Math.max(1, each - 1), tall);
  }
}

/** Mean ± deviation of each channel: before in grey on the left, after in teal on the right. */
function drawScaling(
  context: CanvasRenderingContext2D,
  { width, height }: Extent,
  { before, after }: ScalingPart,
  { palette }: Look,
): void {
  if (!before || !after) return;
  const ends = [before, after].flatMap((moments) => [...reaches(moments)]);
  const limit = Math.max(...ends, 1e-6);
  const y = (value: number): number => height / 2 - (value / limit) * (height / 2 - MARGIN);
  context.strokeStyle = palette.hairline;
  context.lineWidth = 1;
  line(context, [0, width], [y(0), y(0)]);
  line(context, [width / 2, width / 2], [0, height]);
  for (const [moments, left, colour] of [
    [before, 0, palette.third],
    [after, width / 2, palette.accent],
  ] as const) {
    const each = (width / 2 - MARGIN) / (moments.length / 2);
    context.strokeStyle = context.fillStyle = colour;
    for (let at = 0; at < moments.length / 2; at++) {
      const [mean = 0, deviation = 0] = moments.subarray(2 * at, 2 * at + 2);
      const x = left + MARGIN / 2 + (at + 0.5) * each;
      context.lineWidth = Math.max(1, Math.min(5, each - 2));
      context.globalAlpha = 0.5;
      line(context, [x, x], [y(mean - deviation), y(mean + deviation)]);
      context.globalAlpha = 1;
      const mark = Math.max(2, Math.min(7, each));
      context.fillRect(x - mark / 2, y(mean) - 1, mark, 2);
    }
  }
}

function* reaches(moments: Float32Array): Iterable<number> {
  for (let at = 0; at < moments.length; at += 2) {
    yield Math.abs(moments[at] ?? 0) + (moments[at + 1] ?? 0);
  }
}

/** A cell for each number: filled where it was kept, hollow where it was left out. */
function drawMask(
  context: CanvasRenderingContext2D,
  { width, height }: Extent,
  { mask }: MaskPart,
  { palette }: Look,
): void {
  if (!mask?.length) return;
  const columns = Math.ceil(Math.sqrt((mask.length * width) / height));
  const side = Math.min(width / columns, height / Math.ceil(mask.length / columns), 24);
  const gap = side > 6 ? 2 : 0.5;
  for (const [at, kept] of mask.entries()) {
    const [x, y] = [(at % columns) * side, Math.floor(at / columns) * side];
    context.fillStyle = palette.accent;
    context.strokeStyle = palette.third;
    context.lineWidth = 1;
    if (kept) context.fillRect(x, y, side - gap, side - gap);
    else if (side > 4) context.strokeRect(x + 0.5, y + 0.5, side - gap - 1, side - gap - 1);
  }
}

/** A bar for each way and one for the sum; stripes as high as their share where all are kept. */
function drawWays(
  context: CanvasRenderingContext2D,
  { width, height }: Extent,
  { ways, sum, type }: WaysPart,
  { theme, palette }: Look,
): void {
  context.textBaseline = "middle";
  context.textAlign = "left";
  if (type === "concat") return drawStripes(context, width, height, ways, palette, theme);
  const most = Math.max(...ways.map(({ size }) => size ?? 0), sum ?? 0, 1e-9);
  const rows = [...ways.map(({ size }) => size), sum];
  rows.forEach((size, at) => {
    const y = MARGIN + at * ((height - MARGIN) / rows.length);
    const long = ((size ?? 0) / most) * (width - 2);
    const isSum = at === rows.length - 1;
    context.fillStyle = isSum ? palette.accent : cssColour(SIGNED_LOOKUP[theme], 190);
    context.fillRect(0, y, long, Math.min(BAR, height / rows.length - 6));
  });
}

function drawStripes(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  ways: WaysPart["ways"],
  palette: Palette,
  theme: Theme,
): void {
  let y = 0;
  for (const [at, { share }] of ways.entries()) {
    const tall = (share ?? 0) * height;
    context.fillStyle = cssColour(SIGNED_LOOKUP[theme], 160 + (at % 3) * 35);
    context.fillRect(0, y, width, tall);
    context.fillStyle = palette.surface;
    if (at > 0) context.fillRect(0, y - 0.5, width, 1);
    y += tall;
  }
}

function line(context: CanvasRenderingContext2D, x: readonly number[], y: readonly number[]): void {
  context.beginPath();
  x.forEach((place, at) => context.lineTo(place, y[at] ?? 0));
  context.stroke();
}
