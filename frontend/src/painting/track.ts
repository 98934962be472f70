import { formatShortCount } from "../numbers/format";
import type { Mark } from "../run/run";
import type { Point } from "../run/series";
import { type Axis, place, ticks } from "../timeline/track";
import { reduce } from "./curves";
import type { Palette } from "./palette";

/** All that decides how the track looks at a moment. */
export interface TrackScene {
  axis: Axis;
  /** Without the figures under it. */
  height: number;
  train: readonly Point[];
  validation: readonly Point[];
  marks: readonly Mark[];
  /** Where the handle stands. */
  step: number;
  past: boolean;
  running: boolean;
  /** The word under the present; null for no figures. */
  now: string | null;
}

const TICK_ROOM = 40;
const SIGNS: Readonly<Record<Mark["kind"], string>> = {
  control: "◆",
  rewind: "⟲",
  diverged: "✕",
  checkpoint: "",
  fork: "",
  verdict: "△",
};

/** The losses behind, marks below, the handle in front. */
export function drawTrack(
  context: CanvasRenderingContext2D,
  scene: TrackScene,
  palette: Palette,
): void {
  const { axis, height } = scene;
  context.fillStyle = palette.sunk;
  context.fillRect(0, 0, axis.width, height);
  const train = drawable(scene.train, axis.width);
  const validation = drawable(scene.validation, axis.width);
  const logs = [...train, ...validation].map((point) => Math.log(point.mean));
  const [low, high] = [Math.min(...logs), Math.max(...logs)];
  const level = (point: Point): number =>
    height - 8 - ((Math.log(point.mean) - low) / (high - low || 1)) * (height - 14);
  drawLoss(context, train, axis, level, palette.third);
  drawLoss(context, validation, axis, level, palette.accent);
  for (const mark of scene.marks) drawMark(context, mark, scene, palette);
  if (scene.past) drawNow(context, scene, palette);
  drawHandle(context, scene, palette);
  if (scene.now !== null) drawTicks(context, scene, scene.now, palette);
}

function drawable(points: readonly Point[], width: number): Point[] {
  return reduce(points, width).filter(({ mean }) => mean > 0 && Number.isFinite(mean));
}

function drawLoss(
  context: CanvasRenderingContext2D,
  points: readonly Point[],
  axis: Axis,
  level: (point: Point) => number,
  colour: string,
): void {
  context.beginPath();
  for (const point of points) context.lineTo(place(point.lastStep, axis), level(point));
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.stroke();
}

function drawMark(
  context: CanvasRenderingContext2D,
  mark: Mark,
  { axis, height }: TrackScene,
  palette: Palette,
): void {
  const x = place(mark.step, axis);
  if (mark.kind === "fork") return drawFork(context, { x, y: height - 6, ratio: 1 }, palette);
  if (mark.kind === "checkpoint") return drawKept(context, x, height, palette);
  context.fillStyle = mark.kind === "diverged" ? palette.bad : palette.ink;
  context.font = "10px system-ui";
  context.textAlign = "center";
  context.fillText(SIGNS[mark.kind], x, height - 6);
}

function drawKept(
  context: CanvasRenderingContext2D,
  x: number,
  height: number,
  palette: Palette,
): void {
  context.fillStyle = palette.third;
  context.beginPath();
  context.arc(x, height - 2.5, 1.5, 0, 2 * Math.PI);
  context.fill();
}

/** ⑂, which few fonts have, on its foot. */
export function drawFork(
  context: CanvasRenderingContext2D,
  { x, y, ratio }: { x: number; y: number; ratio: number },
  palette: Palette,
): void {
  context.strokeStyle = palette.ink;
  context.lineWidth = 1.5 * ratio;
  context.beginPath();
  context.moveTo(x - 3 * ratio, y - 8 * ratio);
  context.lineTo(x, y - 4 * ratio);
  context.lineTo(x + 3 * ratio, y - 8 * ratio);
  context.moveTo(x, y - 4 * ratio);
  context.lineTo(x, y);
  context.stroke();
}

function drawNow(
  context: CanvasRenderingContext2D,
  { axis, height }: TrackScene,
  palette: Palette,
): void {
  const x = place(axis.now, axis);
  context.strokeStyle = palette.third;
  context.lineWidth = 1;
  context.setLineDash([2, 3]);
  context.beginPath();
  context.moveTo(x, 0);
  context.lineTo(x, height);
  context.stroke();
  context.setLineDash([]);
}

function drawHandle(
  context: CanvasRenderingContext2D,
  { axis, height, step, past, running }: TrackScene,
  palette: Palette,
): void {
  const x = place(step, axis);
  context.strokeStyle = palette.accent;
  context.fillStyle = running || past ? palette.accent : palette.paper;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(x, 6);
  context.lineTo(x, height);
  context.stroke();
  context.beginPath();
  context.arc(x, 6, 4.5, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
}

function drawTicks(
  context: CanvasRenderingContext2D,
  { axis, height }: TrackScene,
  now: string,
  palette: Palette,
): void {
  context.fillStyle = palette.third;
  context.font = "12px system-ui";
  context.textAlign = "center";
  const under = height + 11;
  for (const tick of ticks(axis, TICK_ROOM)) {
    context.fillText(formatShortCount(tick), place(tick, axis), under);
  }
  if (axis.now > 0) context.fillText(now, place(axis.now, axis), under);
}
