import { reduce } from "../painting/curves";
import { Series } from "../run/series";
import type { RunRow } from "../wire/plan";
import type { Columns } from "../wire/types";

/** One of two runs that are compared: its row and its series. */
export interface Side {
  row: RunRow;
  series: Record<string, Columns>;
}

export interface Comparison {
  sides: readonly [Side, Side];
}

const RUN = /^run_[0-9a-f]{32}$/;

/** The two runs that an address compares. */
export function readPair(query: URLSearchParams): readonly [string, string] | null {
  const [first, second, ...more] = (query.get("compare") ?? "").split(",");
  if (!first || !second || more.length || !RUN.test(first) || !RUN.test(second)) return null;
  return [first, second];
}

export function addressOfPair(first: string, second: string): string {
  return `/runs?compare=${first},${second}`;
}

type Column = (number | null)[];

/** Steps, and one column for each series over them, thinned to a chart's width. */
export function chartColumns(all: readonly (Columns | undefined)[], width: number): Column[] {
  const most = Math.max(100, 2 * width);
  const points = all.map((columns) => reduce(pointsOf(columns), most));
  const steps = [...new Set(points.flat().map(({ lastStep }) => lastStep))].sort((a, b) => a - b);
  const at = new Map(steps.map((step, index) => [step, index]));
  const columns = points.map((series) => {
    const column: Column = steps.map(() => null);
    for (const { lastStep, mean } of series) {
      if (Number.isFinite(mean) && mean > 0) column[at.get(lastStep) ?? 0] = mean;
    }
    return column;
  });
  return [steps, ...columns];
}

function pointsOf(columns: Columns | undefined) {
  const series = new Series();
  if (columns) series.add(columns);
  return series.points;
}

/** The names of figures that either run has a value of, its results before its series. */
export function figureNames({ sides }: Comparison): string[] {
  const names = sides.flatMap(({ row }) => [
    ...Object.keys(row.results ?? {}).filter((name) => !Array.isArray(row.results?.[name])),
    ...Object.keys(row.latest),
  ]);
  return [...new Set(names)].filter((name) => /^(test|validation|train)\//.test(name)).sort();
}
