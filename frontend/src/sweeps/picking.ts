import type { Json } from "../wire/plan";
import type { Member } from "../wire/sweeps";
import { type Axis, valueOn } from "./coordinates";
import { shareOf } from "./scale";

/** What somebody points at: one member, or a value on an axis. */
export type Pointed =
  | { kind: "member"; run: string; on: "grid" | "lines" }
  | { kind: "value"; axis: number; value: Json };

/** The part of an axis that is let through, in shares of its height. */
export interface Interval {
  from: number;
  to: number;
}

/** Intervals by the number of their axis. */
export type Brushes = ReadonlyMap<number, Interval>;

export const DIM = 0.12;
// A brush as narrow as this was a press, and takes its axis' brush away.
const NARROWEST = 0.02;

export function brushed(brushes: Brushes, axis: number, from: number, to: number): Brushes {
  const next = new Map(brushes);
  const interval = { from: Math.min(from, to), to: Math.max(from, to) };
  if (interval.to - interval.from < NARROWEST) next.delete(axis);
  else next.set(axis, interval);
  return next;
}

/** A brush that lets one value of an axis through. */
export function brushedValue(brushes: Brushes, at: number, axis: Axis, value: Json): Brushes {
  const share = shareOf(axis.scale, value);
  if (share === null) return brushes;
  return new Map(brushes).set(at, { from: share - NARROWEST / 2, to: share + NARROWEST / 2 });
}

export function passes(member: Member, axes: readonly Axis[], brushes: Brushes): boolean {
  return [...brushes].every(([at, { from, to }]) => {
    const axis = axes[at];
    const share = axis ? shareOf(axis.scale, valueOn(axis, member)) : null;
    return share !== null && share >= from - 1e-9 && share <= to + 1e-9;
  });
}

/** How strongly a member is shown: whole, or dim beside what is pointed at or let through. */
export function strengthOf(
  member: Member,
  axes: readonly Axis[],
  brushes: Brushes,
  pointed: Pointed | null,
): number {
  if (!passes(member, axes, brushes)) return DIM;
  if (!pointed) return 1;
  if (pointed.kind === "member") return pointed.run === member.run ? 1 : DIM;
  const axis = axes[pointed.axis];
  return axis && same(valueOn(axis, member), pointed.value) ? 1 : DIM;
}

function same(first: Json | undefined, second: Json): boolean {
  return JSON.stringify(first) === JSON.stringify(second);
}

/** The stop before or behind one; from outside, the first or the last. */
export function stopBeside(axis: Axis, value: Json | null, by: 1 | -1): Json | null {
  const { stops } = axis;
  const at = value === null ? -1 : stops.findIndex((stop) => same(stop, value));
  const next = at < 0 ? (by > 0 ? 0 : stops.length - 1) : at + by;
  return stops[Math.max(0, Math.min(stops.length - 1, next))] ?? null;
}
