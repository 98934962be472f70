import type { Theme } from "../colour/scales";
import { PALETTES, type Palette } from "../painting/palette";
import type { Course } from "./bands";
import type { MemberState } from "./board";
import type { TileSheet } from "./tile_sheet";
import { placeOf, type TileLayout } from "./tiles";

/** One picture of the grid. */
export interface Shown {
  run: string;
  state: MemberState;
  strength: number;
  best: boolean;
  course: Course | null;
}

/** All that the grid shows at a moment. */
export interface GridScene {
  shown: readonly Shown[];
  layout: TileLayout;
  theme: Theme;
  /** How nets that are no picture of the plane are drawn: by their course. */
  curves: boolean;
  /** The ends of all courses together, so that they can be told apart by eye. */
  heights: { low: number; high: number } | null;
  last: number;
}

const PRUNED = 0.45;

export function drawGrid(
  context: CanvasRenderingContext2D,
  scene: GridScene,
  sheet: TileSheet,
): void {
  const palette = PALETTES[scene.theme];
  scene.shown.forEach((tile, at) => {
    const { x, y } = placeOf(at, scene.layout);
    drawTile(context, tile, scene, sheet, palette, { x, y });
  });
  context.globalAlpha = 1;
}

function drawTile(
  context: CanvasRenderingContext2D,
  tile: Shown,
  scene: GridScene,
  sheet: TileSheet,
  palette: Palette,
  { x, y }: { x: number; y: number },
): void {
  const { side } = scene.layout;
  context.globalAlpha = tile.strength;
  context.fillStyle = palette.sunk;
  context.fillRect(x, y, side, side);
  const pale = tile.state === "pruned" ? PRUNED : 1;
  context.globalAlpha = tile.strength * pale;
  if (scene.curves) drawSpark(context, tile.course, scene, palette, { x, y });
  else sheet.draw(context, tile.run, x, y, side);
  context.globalAlpha = tile.strength;
  drawState(context, tile.state, palette, { x, y, side });
  if (tile.best) drawFrame(context, palette.accent, { x, y, side });
}

/** A course in its tile, log of the height over the step. */
function drawSpark(
  context: CanvasRenderingContext2D,
  course: Course | null,
  { heights, last, layout: { side } }: GridScene,
  palette: Palette,
  { x, y }: { x: number; y: number },
): void {
  if (!course || !heights || course.points.length < 2) return;
  const inner = side - 12;
  const height = heightOn(heights);
  context.beginPath();
  course.points.forEach(({ step, mean }, at) => {
    const px = x + 6 + (inner * step) / Math.max(1, last);
    const py = y + 6 + inner * (1 - height(mean));
    if (at) context.lineTo(px, py);
    else context.moveTo(px, py);
  });
  context.strokeStyle = palette.accent;
  context.lineWidth = 1.5;
  context.stroke();
}

/** From 0 at the low end to 1 at the high one, by the logarithm where there is one. */
export function heightOn({ low, high }: { low: number; high: number }): (value: number) => number {
  const measure = low > 0 ? Math.log : (value: number) => value;
  const [from, to] = [measure(low), measure(high)];
  return (value) => {
    const share = (measure(low > 0 ? Math.max(low, value) : value) - from) / (to - from || 1);
    return Math.max(0, Math.min(1, share));
  };
}

/** A ring for what waits, a stroke for what was ended early, a cross for what failed. */
function drawState(
  context: CanvasRenderingContext2D,
  state: MemberState,
  palette: Palette,
  { x, y, side }: { x: number; y: number; side: number },
): void {
  const [right, bottom] = [x + side - 10, y + side - 10];
  context.lineWidth = 2;
  context.beginPath();
  if (state === "queued" || state === "waiting") {
    context.strokeStyle = palette.third;
    context.arc(x + side / 2, y + side / 2, 5, 0, 2 * Math.PI);
  } else if (state === "pruned" || state === "stopped") {
    context.strokeStyle = palette.ink;
    context.moveTo(right - 5, bottom + 5);
    context.lineTo(right + 5, bottom - 5);
  } else if (state === "failed") {
    context.strokeStyle = palette.bad;
    for (const slope of [1, -1]) {
      context.moveTo(right - 5, bottom - 5 * slope);
      context.lineTo(right + 5, bottom + 5 * slope);
    }
  } else if (state === "paused") {
    context.strokeStyle = palette.ink;
    for (const shift of [-3, 3]) {
      context.moveTo(right + shift, bottom - 5);
      context.lineTo(right + shift, bottom + 5);
    }
  }
  context.stroke();
}

function drawFrame(
  context: CanvasRenderingContext2D,
  colour: string,
  { x, y, side }: { x: number; y: number; side: number },
): void {
  context.strokeStyle = colour;
  context.lineWidth = 3;
  context.strokeRect(x - 1.5, y - 1.5, side + 3, side + 3);
}
