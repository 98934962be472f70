import { cssColour, INK_LOOKUP, type Lookup, SIGNED_LOOKUP, type Theme } from "../colour/scales";
import { type Channel, greatest, type Grid } from "../sight/channel";
import { PALETTES } from "./palette";

interface Box {
  x: number;
  y: number;
  side: number;
}

const MARGIN = 12;
const GAP = 8;
const LABEL = 16;
const STRIP = 84;
// Smaller kernels have no numbers, and still smaller ones are left out.
const NAMED = 18;
const SMALLEST = 9;
const LARGEST = 52;
const MOST_LINES = 4;

/** Draws a map large with the kernels under it, or where there is no map the kernels large. */
export function drawChannel(
  context: CanvasRenderingContext2D,
  channel: Channel,
  size: number,
  theme: Theme,
): void {
  const { map, kernels, isInput, pixel } = channel;
  const room = { x: MARGIN, y: MARGIN, side: size - 2 * MARGIN };
  if (!map) return drawKernels(context, kernels, room, theme, channel.on);
  const side = room.side - (kernels.length ? STRIP : 0);
  const box = { x: (size - side) / 2, y: MARGIN, side };
  const fitted = fit(map, box);
  const lookup = isInput ? INK_LOOKUP[theme] : SIGNED_LOOKUP[theme];
  drawGrid(context, map, fitted, lookup, isInput ? [0, greatest([map])] : both(greatest([map])));
  frame(context, fitted, PALETTES[theme].hairline, 1);
  if (pixel !== null) {
    const x = fitted.x + (pixel % map.columns) * fitted.cell;
    const y = fitted.y + Math.floor(pixel / map.columns) * fitted.cell;
    const { accent } = PALETTES[theme];
    frame(context, { x, y, width: fitted.cell, height: fitted.cell }, accent, 2);
  }
  if (kernels.length) drawStrip(context, kernels, size, theme);
}

/** The kernels under the map, in as many lines as make them largest. */
function drawStrip(
  context: CanvasRenderingContext2D,
  kernels: Channel["kernels"],
  size: number,
  theme: Theme,
): void {
  const room = size - 2 * MARGIN;
  const { side, label, columns } = lined(kernels.length, room);
  const [across, down] = [side + GAP, side + label + GAP / 2];
  const left = (size - Math.min(columns, kernels.length) * across + GAP) / 2;
  const top = size - MARGIN - STRIP + GAP;
  const shown = kernels.slice(0, columns * Math.floor((STRIP - GAP) / down));
  const limit = greatest(kernels);
  for (const [at, kernel] of shown.entries()) {
    const [x, y] = [left + (at % columns) * across, top + Math.floor(at / columns) * down];
    drawNamed(context, kernel, { x, y, side }, limit, theme, label > 0);
  }
}

/** The largest side with which so many kernels fit into the strip. */
function lined(count: number, room: number): { side: number; label: number; columns: number } {
  const choices = Array.from({ length: MOST_LINES }, (_, line) => {
    const columns = Math.ceil(count / (line + 1));
    const [wide, high] = [(room + GAP) / columns - GAP, (STRIP - GAP) / (line + 1) - GAP / 2];
    const named = Math.min(LARGEST, wide, high - LABEL);
    const label = named >= NAMED ? LABEL : 0;
    return { side: label ? named : Math.min(LARGEST, wide, high), label, columns };
  });
  const best = choices.reduce((most, each) => (each.side > most.side ? each : most));
  if (best.side >= SMALLEST) return best;
  return { side: SMALLEST, label: 0, columns: Math.floor((room + GAP) / (SMALLEST + GAP)) };
}

/** The kernels in a square. */
function drawKernels(
  context: CanvasRenderingContext2D,
  kernels: Channel["kernels"],
  { x, y, side }: Box,
  theme: Theme,
  on: number | null,
): void {
  const columns = Math.ceil(Math.sqrt(kernels.length));
  const each = (side + GAP) / columns;
  const limit = greatest(kernels);
  const label = kernels.length > 1 && each > 2 * NAMED ? LABEL : 0;
  for (const [at, kernel] of kernels.entries()) {
    const left = x + (at % columns) * each + label / 2;
    const place = { x: left, y: y + Math.floor(at / columns) * each };
    const box = { ...place, side: each - GAP - label };
    drawNamed(context, kernel, box, limit, theme, label > 0);
    if (kernel.from === on) frame(context, fit(kernel, box), PALETTES[theme].accent, 3);
  }
}

/** A kernel with the number of the map that it lies on under it. */
function drawNamed(
  context: CanvasRenderingContext2D,
  kernel: Channel["kernels"][number],
  box: Box,
  limit: number,
  theme: Theme,
  named = true,
): void {
  const fitted = fit(kernel, box);
  drawGrid(context, kernel, fitted, SIGNED_LOOKUP[theme], both(limit));
  frame(context, fitted, PALETTES[theme].hairline, 1);
  if (!named) return;
  context.fillStyle = PALETTES[theme].second;
  context.font = "12px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "top";
  const below = fitted.y + fitted.height + 3;
  context.fillText(String(kernel.from + 1), box.x + box.side / 2, below);
}

interface Fitted {
  x: number;
  y: number;
  width: number;
  height: number;
  /** The side of one cell. */
  cell: number;
}

/** The largest box of square cells in the middle of a square. */
function fit({ rows, columns }: Grid, { x, y, side }: Box): Fitted {
  const cell = side / Math.max(rows, columns);
  const [width, height] = [columns * cell, rows * cell];
  return { x: x + (side - width) / 2, y: y + (side - height) / 2, width, height, cell };
}

function drawGrid(
  context: CanvasRenderingContext2D,
  { rows, columns, cells }: Grid,
  { x, y, cell }: Fitted,
  lookup: Lookup,
  [low, high]: readonly [number, number],
): void {
  const scale = high > low ? 255 / (high - low) : 0;
  for (let at = 0; at < rows * columns; at++) {
    context.fillStyle = cssColour(lookup, ((cells[at] ?? 0) - low) * scale);
    // Half a pixel more, or the paper shines through between cells.
    const [left, top] = [x + (at % columns) * cell, y + Math.floor(at / columns) * cell];
    context.fillRect(left, top, cell + 0.5, cell + 0.5);
  }
}

function frame(
  context: CanvasRenderingContext2D,
  { x, y, width, height }: Omit<Fitted, "cell">,
  colour: string,
  line: number,
): void {
  context.strokeStyle = colour;
  context.lineWidth = line;
  context.strokeRect(x - line / 2, y - line / 2, width + line, height + line);
}

function both(limit: number): readonly [number, number] {
  return [-limit, limit];
}
