import { cssColour, SIGNED_LOOKUP, type Theme } from "../colour/scales";
import type { PatchSum } from "../layers/conv/sum";
import { windowOf, type Window } from "../layers/conv/window";
import type { Values } from "../layers/forward";
import type { TermsSum } from "../layers/linear/terms";
import { layersOf, type Sum } from "../layers/sums";
import type { Layout, PlacedCard, Tile } from "../layout/layout";
import type { Spot } from "../page/state";
import type { Scan } from "../sight/pointing";
import { gridOf } from "../sight/place";
import type { Plan } from "../wire/plan";
import type { Palette } from "./palette";

const KERNEL_STRENGTH = 0.72;

/** What the pointer makes visible on the picture of the network. */
export interface Pointed {
  layout: Layout;
  plan: Plan;
  spot: Spot | null;
  scan: Scan | null;
  /** The steps to the number that is pointed at. */
  sums: readonly Sum[];
  values: Values | null;
  theme: Theme;
  palette: Palette;
  /** The colour of outlines: what can be operated, or what flows backwards. */
  colour: string;
}

/** Draws the pixel that is pointed at, the patch it comes from with the kernel on it, and a scan. */
export function drawPointed(context: CanvasRenderingContext2D, pointed: Pointed): void {
  drawScan(context, pointed);
  const card = pointed.layout.cards.find(({ name }) => name === pointed.spot?.card);
  const tile = card?.tiles[pointed.spot?.index ?? -1];
  if (!card || !tile || !pointed.spot || card.level === "bands") return;
  const { pixel } = pointed.spot;
  if (pixel !== undefined) {
    const { columns } = gridOf(card);
    outline(context, cells(card, tile, Math.floor(pixel / columns), pixel % columns), pointed);
  }
  const [first] = layersOf(pointed.plan, card);
  const source = pointed.layout.cards.find(({ shows }) => shows === first?.inputs[0]);
  const [sum] = pointed.sums;
  const [reads] = card.from;
  const read = source ?? pointed.layout.cards.find(({ name }) => name === reads);
  if (!first || !read || !sum) return;
  if (sum.kind === "terms") return drawProducts(context, sum, read, pointed);
  if (pixel === undefined || read.shape.length !== 3) return;
  const { columns } = gridOf(card);
  const window = windowOf(first, read.shape);
  const at = [Math.floor(pixel / columns), pixel % columns] as const;
  // A transposed convolution reads cells apart, under no window.
  if (first.type.startsWith("conv_transpose")) return;
  if (sum.kind === "patch") drawPatch(context, sum, window, at, read, pointed);
  if (sum.kind === "window" && !first.type.startsWith("global")) {
    const under = read.tiles[pointed.spot.index];
    if (under) outline(context, windowBox(read, under, window, at), pointed);
  }
}

function drawPatch(
  context: CanvasRenderingContext2D,
  sum: PatchSum,
  window: Window,
  at: readonly [number, number],
  source: PlacedCard,
  pointed: Pointed,
): void {
  const limit = Math.max(...sum.parts.flatMap(({ kernel }) => kernel.map(Math.abs)), 1e-9);
  for (const part of sum.parts) {
    const tile = source.tiles[source.level === "picture" ? 0 : part.channel];
    if (!tile || (source.level === "picture" && part !== sum.parts[0])) continue;
    context.save();
    context.beginPath();
    context.rect(tile.x, tile.y, tile.width, tile.height);
    context.clip();
    context.globalAlpha = KERNEL_STRENGTH;
    part.kernel.forEach((weight, cell) => {
      const row = at[0] * window.stride[0] - window.before[0];
      const column = at[1] * window.stride[1] - window.before[1];
      const y = row + Math.floor(cell / window.size[1]) * window.dilation[0];
      const x = column + (cell % window.size[1]) * window.dilation[1];
      const box = cells(source, tile, y, x);
      context.fillStyle = cssColour(SIGNED_LOOKUP[pointed.theme], 127.5 + (127.5 * weight) / limit);
      context.fillRect(box.x, box.y, box.width, box.height);
    });
    context.restore();
    outline(context, windowBox(source, tile, window, at), pointed);
  }
}

/** The numbers that a dense unit takes most from, on the maps before it. */
function drawProducts(
  context: CanvasRenderingContext2D,
  sum: TermsSum,
  source: PlacedCard,
  pointed: Pointed,
): void {
  const { rows, columns } = gridOf(source);
  for (const { from } of sum.products) {
    const map = Math.floor(from / (rows * columns));
    const tile = source.tiles[source.level === "picture" ? 0 : map];
    if (!tile) continue;
    const place = from % (rows * columns);
    outline(context, cells(source, tile, Math.floor(place / columns), place % columns), pointed);
  }
}

/** Covers what the kernel has not been led over yet. */
function drawScan(context: CanvasRenderingContext2D, { layout, scan, palette }: Pointed): void {
  const card = layout.cards.find(({ name }) => name === scan?.card);
  const tile = card?.tiles[scan?.index ?? -1];
  if (!card || !tile || !scan) return;
  const { rows, columns } = gridOf(card);
  context.fillStyle = palette.sunk;
  for (let pixel = 0; pixel < rows * columns; pixel++) {
    if (scan.seen.has(pixel)) continue;
    const box = cells(card, tile, Math.floor(pixel / columns), pixel % columns);
    context.fillRect(box.x, box.y, box.width, box.height);
  }
}

function windowBox(
  card: PlacedCard,
  tile: Tile,
  window: Window,
  [row, column]: readonly [number, number],
): Box {
  const top = row * window.stride[0] - window.before[0];
  const left = column * window.stride[1] - window.before[1];
  const first = cells(card, tile, top, left);
  const last = cells(
    card,
    tile,
    top + (window.size[0] - 1) * window.dilation[0],
    left + (window.size[1] - 1) * window.dilation[1],
  );
  const [width, height] = [last.x + last.width - first.x, last.y + last.height - first.y];
  return { x: first.x, y: first.y, width, height };
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

function cells(card: PlacedCard, tile: Tile, row: number, column: number): Box {
  const { rows, columns } = gridOf(card);
  const [width, height] = [tile.width / columns, tile.height / rows];
  return { x: tile.x + column * width, y: tile.y + row * height, width, height };
}

function outline(context: CanvasRenderingContext2D, box: Box, pointed: Pointed): void {
  context.lineWidth = 1.5;
  context.strokeStyle = pointed.colour;
  context.strokeRect(box.x - 0.5, box.y - 0.5, box.width + 1, box.height + 1);
}
