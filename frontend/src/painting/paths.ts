import type { Theme } from "../colour/scales";
import type { Owner, Path } from "../descent/paths";
import type { Pair } from "../descent/two";
import { placed, type Window } from "../descent/window";
import { type Palette, PALETTES } from "./palette";
import { type Heights, Relief } from "./relief";

export interface Scene {
  heights: Heights | null;
  window: Window;
  paths: readonly Path[];
  here: Pair | null;
}

interface Style {
  colour: keyof Palette;
  dash: readonly number[];
}

/** How the path of each run is told apart; that of the run beside it as in the curves. */
export const STYLES: Readonly<Record<Owner, Style>> = {
  own: { colour: "accent", dash: [] },
  beside: { colour: "ink", dash: [7, 4] },
  before: { colour: "backward", dash: [4, 3] },
  earlier: { colour: "second", dash: [1, 3] },
};

const HERE = 6;
const END = 3.5;
// Dots of a path with more places than this would be a smear.
const MOST_DOTS = 80;

/** The loss over two numbers with the ways that runs took. */
export class PathsPainting {
  private readonly relief = new Relief();

  draw(context: CanvasRenderingContext2D, scene: Scene, side: number, theme: Theme): void {
    const palette = PALETTES[theme];
    const { heights, window, paths, here } = scene;
    if (heights) this.relief.draw(context, heights, { width: side, height: side, palette });
    const cells = heights?.side ?? Infinity;
    const at = (pair: Pair): Pair => inCells(placed(pair, window), cells, side);
    for (const { owner, places } of paths) line(context, places.map(at), STYLES[owner], palette);
    if (!here) return;
    dot(context, at(here), HERE, palette.accent);
    context.strokeStyle = palette.surface;
    context.lineWidth = 2;
    context.stroke();
  }
}

/** Values stand in the middle of their cells, so the outermost lie half a cell inside. */
function inCells([x, y]: Pair, cells: number, side: number): Pair {
  if (!Number.isFinite(cells)) return [x * side, y * side];
  return [((0.5 + x * (cells - 1)) / cells) * side, ((0.5 + y * (cells - 1)) / cells) * side];
}

function line(
  context: CanvasRenderingContext2D,
  places: readonly Pair[],
  { colour, dash }: Style,
  palette: Palette,
): void {
  const seen = places.filter((place) => place.every(Number.isFinite));
  const last = seen.at(-1);
  if (!last) return;
  context.strokeStyle = palette[colour];
  context.lineWidth = 1.75;
  context.lineJoin = "round";
  context.setLineDash([...dash]);
  context.beginPath();
  for (const [index, [x, y]] of seen.entries()) {
    if (index) context.lineTo(x, y);
    else context.moveTo(x, y);
  }
  context.stroke();
  context.setLineDash([]);
  if (seen.length <= MOST_DOTS) for (const place of seen) dot(context, place, 2, palette[colour]);
  dot(context, last, END, palette[colour]);
}

function dot(context: CanvasRenderingContext2D, [x, y]: Pair, radius: number, fill: string): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.fill();
}
