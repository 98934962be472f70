import { readFloat } from "../run/series";
import type { Json } from "../wire/plan";
import type { Member, Sweep, Vary } from "../wire/sweeps";
import { type Scale, scaleOf, shareOf, ticksOf } from "./scale";

/** One upright line of the parallel coordinates; the last is that of the goal. */
export interface Axis {
  /** A pointer into the document; null for the goal. */
  path: string | null;
  scale: Scale;
  ticks: readonly Json[];
  /** Distinct values in their order, to be walked by the keyboard. */
  stops: readonly Json[];
}

/** Where the axes stand on the screen, in pixels. */
export interface Frame {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** The course of one member over all axes; it ends before a goal that it has not got yet. */
export interface Line {
  run: string;
  points: readonly { x: number; y: number }[];
  goal: number | null;
}

export function goalOf({ goal }: Pick<Member, "goal">): number | null {
  const value = goal === null ? NaN : readFloat(goal);
  return Number.isFinite(value) ? value : null;
}

export function valueOn({ path }: Axis, member: Member): Json | undefined {
  return path === null ? (goalOf(member) ?? undefined) : member.values[path];
}

export function axesOf({ vary }: Pick<Sweep, "vary">, members: readonly Member[]): Axis[] {
  const own = vary.map((field) => axisOf(field, members));
  const goals = members.flatMap((member) => goalOf(member) ?? []);
  const scale = scaleOf(goals.length ? goals : [0, 1]);
  const stops = [...new Set(goals)].sort((first, second) => first - second);
  return [...own, { path: null, scale, ticks: ticksOf(scale, goals), stops }];
}

function axisOf({ path, values, low, high, log }: Vary, members: readonly Member[]): Axis {
  const taken = members.flatMap(({ values: own }) => (path in own ? [own[path] as Json] : []));
  const ends = values ?? [low ?? 0, high ?? 1];
  const scale = scaleOf([...ends, ...taken], values ? null : (log ?? false));
  const stops = ordered([...new Set(values ? [...values, ...taken] : taken)]);
  return { path, scale, ticks: ticksOf(scale, [...ends, ...(values ? [] : taken)]), stops };
}

function ordered(values: Json[]): Json[] {
  const numbers = values.filter((value) => typeof value === "number");
  return numbers.length < values.length ? values : numbers.sort((a, b) => a - b);
}

export function xOf(at: number, count: number, { width, left, right }: Frame): number {
  return count < 2 ? width / 2 : left + (at * (width - left - right)) / (count - 1);
}

/** High values stand above low ones. */
export function yOf(share: number, { height, top, bottom }: Frame): number {
  return height - bottom - share * (height - top - bottom);
}

export function shareAt(y: number, { height, top, bottom }: Frame): number {
  const share = (height - bottom - y) / (height - top - bottom);
  return Math.max(0, Math.min(1, share));
}

export function linesOf(axes: readonly Axis[], members: readonly Member[], frame: Frame): Line[] {
  return members.map((member) => ({
    run: member.run,
    goal: goalOf(member),
    points: axes.flatMap((axis, at) => {
      const share = shareOf(axis.scale, valueOn(axis, member));
      return share === null ? [] : [{ x: xOf(at, axes.length, frame), y: yOf(share, frame) }];
    }),
  }));
}

const NEAR_AXIS = 16;
const NEAR_LINE = 6;

/** The axis beside which a place lies; −1 where none is near. */
export function axisAt(x: number, count: number, frame: Frame): number {
  for (let at = 0; at < count; at++) {
    if (Math.abs(xOf(at, count, frame) - x) <= NEAR_AXIS) return at;
  }
  return -1;
}

/** The stop of an axis that is nearest to a share of its height; null where it has none. */
export function stopAt({ stops, scale }: Axis, share: number): Json | null {
  let [nearest, least]: [Json, number] = [null, Infinity];
  for (const stop of stops) {
    const distance = Math.abs((shareOf(scale, stop) ?? Infinity) - share);
    if (distance < least) [nearest, least] = [stop, distance];
  }
  return nearest;
}

/** The run whose line passes nearest to a place; null where none is near. */
export function lineAt(lines: readonly Line[], x: number, y: number): string | null {
  let [run, least]: [string | null, number] = [null, NEAR_LINE];
  for (const line of lines) {
    const distance = Math.abs(heightAt(line, x) - y);
    if (distance < least) [run, least] = [line.run, distance];
  }
  return run;
}

function heightAt({ points }: Line, x: number): number {
  for (let at = 1; at < points.length; at++) {
    const [from, to] = [points[at - 1], points[at]];
    if (!from || !to || x < from.x || x > to.x) continue;
    return from.y + ((x - from.x) / (to.x - from.x || 1)) * (to.y - from.y);
  }
  return NaN;
}
