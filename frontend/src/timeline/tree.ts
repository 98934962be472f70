import type { Point } from "../run/series";
import { readFloat } from "../run/series";
import type { RunRow } from "../wire/plan";
import { type Axis, place } from "./track";

export const ROW_HEIGHT = 28;
const BEND = 8;

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
  const isRoot = ({ parent }: RunRow): boolean => parent === null || !known.has(parent);
  const rows: TreeRow[] = [];
  const add = (run: RunRow, depth: number, parent: number | null): void => {
    const from = run.parent_step ?? 0;
    const to = Math.max(from, run.step);
    const at = rows.push({ run, depth, parent, from, to, value: lossOf(run), best: false }) - 1;
    const children = runs.filter((other) => other.parent === run.id && other.id !== run.id);
    children.sort((a, b) => (a.parent_step ?? 0) - (b.parent_step ?? 0) || order(a.id, b.id));
    for (const child of children) add(child, depth + 1, at);
  };
  for (const run of runs.filter(isRoot)) add(run, 0, null);
  return marked(rows);
}

function marked(rows: TreeRow[]): TreeRow[] {
  const least = Math.min(...rows.map(({ value }) => value).filter(Number.isFinite));
  return rows.map((row) => ({ ...row, best: rows.length > 1 && row.value === least }));
}

function order(first: string, second: string): number {
  return first < second ? -1 : 1;
}

/** The last loss on held-out samples; NaN where there is none yet. */
export function lossOf(run: RunRow): number {
  return readFloat(run.latest["validation/loss"]);
}

/** The line of a row over the track: from its parent's row round a quarter circle to its end. */
export function pathOf(row: TreeRow, at: number, axis: Axis): string {
  const y = (at + 0.5) * ROW_HEIGHT;
  const [start, end] = [place(row.from, axis), place(row.to, axis)];
  if (row.parent === null) return `M${start},${y}H${Math.max(start + 1, end)}`;
  const above = (row.parent + 0.5) * ROW_HEIGHT;
  const bend = `M${start},${above}V${y - BEND}a${BEND},${BEND},0,0,0,${BEND},${BEND}`;
  return `${bend}H${Math.max(start + BEND, end)}`;
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
