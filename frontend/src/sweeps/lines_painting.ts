import { CIVIDIS_LOOKUP, cssColour, type Theme } from "../colour/scales";
import type { Palette } from "../painting/palette";
import type { Goal } from "../wire/sweeps";
import type { Course } from "./bands";
import { outlineOf } from "./bands";
import { meritOf, type Reached } from "./best";
import { type Axis, type Frame, type Line, xOf, yOf } from "./coordinates";
import { heightOn } from "./grid_painting";
import type { Brushes } from "./picking";
import { shareOf } from "./scale";

/** The faint end of the scale would be lost on its paper. */
const READABLE: Record<Theme, readonly [number, number]> = { light: [0, 190], dark: [90, 255] };

/** From the worst to the best: dark is best on light paper, bright on dark. */
export function meritColour(merit: number, theme: Theme): string {
  const [low, high] = READABLE[theme];
  const share = theme === "light" ? 1 - merit : merit;
  return cssColour(CIVIDIS_LOOKUP, low + share * (high - low));
}

export function colourOf(goal: number | null, axis: Axis | undefined, by: Goal, theme: Theme) {
  const share = goal === null || !axis ? null : shareOf(axis.scale, goal);
  return share === null ? null : meritColour(meritOf(share, by), theme);
}

export interface LinesScene {
  axes: readonly Axis[];
  lines: readonly Line[];
  /** Strength by run. */
  strengths: ReadonlyMap<string, number>;
  brushes: Brushes;
  best: string | null;
  goal: Goal;
  theme: Theme;
  palette: Palette;
  frame: Frame;
}

/** Dim lines first, so that they never cross what is looked at; the best above all. */
export function drawLines(context: CanvasRenderingContext2D, scene: LinesScene): void {
  const { lines, strengths, best, palette } = scene;
  drawAxes(context, scene);
  const strength = ({ run }: Line): number => strengths.get(run) ?? 1;
  const order = [...lines].sort((a, b) => strength(a) - strength(b) || Number(a.run === best) - 1);
  context.lineJoin = "round";
  for (const line of order) {
    const goalAxis = scene.axes.at(-1);
    context.globalAlpha = strength(line) * (line.run === best ? 1 : 0.8);
    context.strokeStyle = colourOf(line.goal, goalAxis, scene.goal, scene.theme) ?? palette.third;
    context.lineWidth = line.run === best ? 3 : 1.25;
    context.beginPath();
    line.points.forEach(({ x, y }, at) => (at ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.stroke();
  }
  context.globalAlpha = 1;
  drawBrushes(context, scene);
}

function drawAxes(context: CanvasRenderingContext2D, scene: LinesScene): void {
  const { axes, frame, palette, goal, theme } = scene;
  const [top, bottom] = [yOf(1, frame), yOf(0, frame)];
  axes.forEach(({ path }, at) => {
    const x = xOf(at, axes.length, frame);
    if (path !== null) {
      context.fillStyle = palette.third;
      return context.fillRect(x - 0.5, top, 1, bottom - top);
    }
    const ramp = context.createLinearGradient(0, bottom, 0, top);
    for (const share of [0, 0.25, 0.5, 0.75, 1]) {
      ramp.addColorStop(share, meritColour(meritOf(share, goal), theme));
    }
    context.fillStyle = ramp;
    context.fillRect(x - 3, top, 6, bottom - top);
  });
}

function drawBrushes(
  context: CanvasRenderingContext2D,
  { axes, brushes, frame, palette }: LinesScene,
): void {
  for (const [at, { from, to }] of brushes) {
    const x = xOf(at, axes.length, frame);
    const [low, high] = [yOf(from, frame), yOf(to, frame)];
    context.fillStyle = palette.accent;
    context.globalAlpha = 0.2;
    context.fillRect(x - 7, high, 14, low - high);
    context.globalAlpha = 1;
    context.strokeStyle = palette.accent;
    context.lineWidth = 2;
    context.strokeRect(x - 7, high, 14, low - high);
  }
}

export interface CoursesScene {
  courses: readonly Course[];
  /** Strength by setting. */
  strengths: ReadonlyMap<number, number>;
  colours: ReadonlyMap<number, string>;
  best: number | null;
  heights: { low: number; high: number };
  last: number;
  bands: boolean;
  palette: Palette;
  frame: Frame;
}

/** Every setting's course over the steps, with the band of its seeds. */
export function drawCourses(context: CanvasRenderingContext2D, scene: CoursesScene): void {
  const { courses, strengths, colours, best, frame, last, heights, palette } = scene;
  const height = heightOn(heights);
  const x = (step: number): number =>
    frame.left + ((frame.width - frame.left - frame.right) * step) / Math.max(1, last);
  const y = (value: number): number => yOf(height(value), frame);
  context.fillStyle = palette.hairline;
  context.fillRect(frame.left, yOf(0, frame), frame.width - frame.left - frame.right, 1);
  const strength = ({ setting }: Course): number => strengths.get(setting) ?? 1;
  const order = [...courses].sort((a, b) => strength(a) - strength(b));
  for (const course of order) {
    const colour = colours.get(course.setting) ?? palette.third;
    const leads = course.setting === best;
    if (scene.bands) {
      context.globalAlpha = strength(course) * (leads ? 0.3 : 0.1);
      context.fillStyle = colour;
      trace(context, outlineOf(course, x, y));
      context.fill();
    }
    context.globalAlpha = strength(course) * (leads ? 1 : 0.6);
    context.strokeStyle = leads ? palette.accent : colour;
    context.lineWidth = leads ? 2.5 : 1;
    trace(
      context,
      course.points.map(({ step, mean }) => ({ x: x(step), y: y(mean) })),
    );
    context.stroke();
  }
  context.globalAlpha = 1;
}

export interface BestScene {
  reached: readonly Reached[];
  count: number;
  heights: { low: number; high: number };
  palette: Palette;
  frame: Frame;
}

/** A dot for each member, and the best of all up to it as stairs. */
export function drawBest(context: CanvasRenderingContext2D, scene: BestScene): void {
  const { reached, count, heights, palette, frame } = scene;
  const height = heightOn(heights);
  const x = (index: number): number => xOf(index, Math.max(2, count), frame);
  const y = (value: number): number => yOf(height(value), frame);
  context.fillStyle = palette.hairline;
  context.fillRect(frame.left, yOf(0, frame), frame.width - frame.left - frame.right, 1);
  context.fillStyle = palette.third;
  for (const { member, goal, leads } of reached) {
    if (leads) continue;
    context.beginPath();
    context.arc(x(member.index), y(goal), 2, 0, 2 * Math.PI);
    context.fill();
  }
  context.strokeStyle = context.fillStyle = palette.accent;
  context.lineWidth = 2;
  trace(context, stairs(reached, count, x, y));
  context.stroke();
  for (const { member, goal, leads } of reached) {
    if (!leads) continue;
    context.beginPath();
    context.arc(x(member.index), y(goal), 3.5, 0, 2 * Math.PI);
    context.fill();
  }
}

type Place = { x: number; y: number };

/** Level until a better one comes, and on to the last member. */
export function stairs(
  reached: readonly Reached[],
  count: number,
  x: (index: number) => number,
  y: (value: number) => number,
): Place[] {
  const places: Place[] = [];
  for (const { member, best, leads } of reached) {
    const before = places.at(-1);
    if (leads && before) places.push({ x: x(member.index), y: before.y });
    if (leads) places.push({ x: x(member.index), y: y(best) });
  }
  const last = places.at(-1);
  if (last) places.push({ x: x(count - 1), y: last.y });
  return places;
}

function trace(context: CanvasRenderingContext2D, places: readonly Place[]): void {
  context.beginPath();
  places.forEach(({ x, y }, at) => (at ? context.lineTo(x, y) : context.moveTo(x, y)));
}
