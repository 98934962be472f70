import type { Point } from "../run/series";
import { readFloat } from "../run/series";
import type { RunRow } from "../wire/plan";
import { type Axis, place } from "./track";

export const ROW_HEIGHT = 28;
const BEND = 8;
const INDENT = 16;
const DEEPEST = 6;
// Rows beyond the edges that are there before they are scrolled to.
const AROUND = 6;

/** One run of a family, in the order in which a tree is read. */
export interface TreeRow {
  run: RunRow;
  depth: number;
  /** The row of its parent, null for the oldest. */
  parent: number | null;
  /** Where it begins and ends on the track, in steps. */
  from: number;
  to: number;
  value: number;
  /** Whether its last validation value is the best of all. */
  best: boolean;
}

/** A family of runs as rows: each run, then its children by the step at which they left it. */
export function treeRows(runs: readonly RunRow[]): TreeRow[] {
  const known = new Set(runs.map(({ id }) => id));
  const children = new Map<string | null, RunRow[]>();
  for (const run of runs) {
    const parent = run.parent !== null && known.has(run.parent) ? run.parent : null;
    const siblings = children.get(parent);
    if (siblings) siblings.push(run);
    else children.set(parent, [run]);
  }
  const rows: TreeRow[] = [];
  const add = (run: RunRow, depth: number, parent: number | null): void => {
    const from = run.parent_step ?? 0;
    const to = Math.max(from, run.step);
    const at = rows.push({ run, depth, parent, from, to, value: lossOf(run), best: false }) - 1;
    const own = children.get(run.id) ?? [];
    own.sort((a, b) => (a.parent_step ?? 0) - (b.parent_step ?? 0) || order(a.id, b.id));
    for (const child of own) add(child, depth + 1, at);
  };
  for (const run of children.get(null) ?? []) add(run, 0, null);
  return marked(rows);
}

function marked(rows: TreeRow[]): TreeRow[] {
  const finite = rows.map(({ value }) => value).filter(Number.isFinite);
  const least = finite.reduce((low, value) => Math.min(low, value), Infinity);
  return rows.map((row) => ({ ...row, best: rows.length > 1 && row.value === least }));
}

function order(first: string, second: string): number {
  return first < second ? -1 : 1;
}

/** The last loss on held-out samples; NaN where there is none yet. */
export function lossOf(run: RunRow): number {
  return readFloat(run.latest["validation/loss"]);
}

/** How far a name is set in; a long chain of forks does not push its names out of the drawer. */
export function indentOf({ depth }: TreeRow): number {
  return INDENT * Math.min(depth, DEEPEST);
}

/** The step up to which the longest run of a family went. */
export function reachOf(runs: readonly RunRow[]): number {
  return runs.reduce((most, { step, parent_step: from }) => Math.max(most, step, from ?? 0), 0);
}

/** The rows on the screen and a few around them, from `first` up to, but not with, `end`. */
export function rowsInView(
  top: number,
  height: number,
  count: number,
): { first: number; end: number } {
  const first = Math.max(0, Math.floor(top / ROW_HEIGHT) - AROUND);
  return { first, end: Math.min(count, Math.ceil((top + height) / ROW_HEIGHT) + AROUND) };
}

/** The line of a row over the track: a quarter circle out of its parent's stem, then to its end. */
export function pathOf(row: TreeRow, at: number, axis: Axis): string {
  const y = (at + 0.5) * ROW_HEIGHT;
  const [start, end] = [place(row.from, axis), place(row.to, axis)];
  if (row.parent === null) return `M${start},${y}H${Math.max(start + 1, end)}`;
  const bend = `M${start},${y - BEND}a${BEND},${BEND},0,0,0,${BEND},${BEND}`;
  return `${bend}H${Math.max(start + BEND, end)}`;
}

/** A line down from a row, along which its children leave it at one place. */
export interface Stem {
  row: number;
  /** The last row that leaves it. */
  last: number;
  x: number;
}

/** The stems of all rows; thousands that leave at one place share one. */
export function stemsOf(rows: readonly TreeRow[], axis: Axis): Stem[] {
  const stems = new Map<string, Stem>();
  rows.forEach((row, last) => {
    if (row.parent === null) return;
    const x = place(row.from, axis);
    stems.set(`${row.parent} ${Math.round(x)}`, { row: row.parent, last, x });
  });
  return [...stems.values()];
}

export function stemPath({ row, last, x }: Stem): string {
  return `M${x},${(row + 0.5) * ROW_HEIGHT}V${(last + 0.5) * ROW_HEIGHT - BEND}`;
}

/** A curve in a box, log of the mean over log of the step; empty for fewer than two points. */
export function sparkline(points: readonly Point[], width: number, height: number): string {
  const drawn = points.filter(({ mean }) => mean > 0 && Number.isFinite(mean));
  if (drawn.length < 2) return "";
  const logs = drawn.map(({ mean }) => Math.log(mean));
  const [low, high] = [Math.min(...logs), Math.max(...logs)];
  const last = Math.log1p(drawn.at(-1)?.lastStep ?? 1) || 1;
  return drawn
    .map(({ lastStep }, at) => {
      const x = (width * Math.log1p(lastStep)) / last;
      const y = height - (height * ((logs[at] ?? low) - low)) / (high - low || 1);
      return `${at ? "L" : "M"}${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join("");
}
