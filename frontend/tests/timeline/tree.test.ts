import { expect, test } from "vitest";

import type { Point } from "../../src/run/series";
import {
  indentOf,
  pathOf,
  reachOf,
  ROW_HEIGHT,
  rowsInView,
  sparkline,
  stemPath,
  stemsOf,
  treeRows,
} from "../../src/timeline/tree";
import type { RunRow } from "../../src/wire/plan";

function run(id: string, parent: string | null, at: number | null, loss?: number): RunRow {
  const latest: Record<string, number> = loss === undefined ? {} : { "validation/loss": loss };
  return { id, parent, parent_step: at, step: 1_000, latest, document: {} } as unknown as RunRow;
}

const FAMILY = [
  run("a", null, null, 0.5),
  run("b", "a", 400, 0.2),
  run("c", "a", 100, 0.9),
  run("d", "b", null),
];

test("each run is followed by its children, by the step at which they left it", () => {
  const rows = treeRows(FAMILY);
  expect(rows.map((row) => [row.run.id, row.depth, row.parent])).toEqual([
    ["a", 0, null],
    ["c", 1, 0],
    ["b", 1, 0],
    ["d", 2, 2],
  ]);
  expect(rows.map(({ from }) => from)).toEqual([0, 100, 400, 0]);
});

test("the best of the family is the one with the least validation loss", () => {
  expect(
    treeRows(FAMILY)
      .filter(({ best }) => best)
      .map((row) => row.run.id),
  ).toEqual(["b"]);
  expect(treeRows([run("a", null, null, 1)])[0]?.best).toBe(false);
});

test("a run whose parent was deleted is a root", () => {
  expect(treeRows([run("b", "gone", 4)])[0]).toMatchObject({ depth: 0, parent: null });
});

test("a fork leaves its parent's row at its step by a quarter circle of 8", () => {
  const [first, second] = treeRows([run("a", null, null), run("b", "a", 100)]);
  if (!first || !second) throw new Error("two rows were expected");
  const axis = { now: 1_000, width: 1_000, logarithmic: false };
  expect(pathOf(first, 0, axis)).toBe(`M6,${ROW_HEIGHT / 2}H920`);
  expect(pathOf(second, 1, axis)).toBe(`M97.4,${1.5 * ROW_HEIGHT - 8}a8,8,0,0,0,8,8H920`);
  const [stem] = stemsOf([first, second], axis);
  if (!stem) throw new Error("a stem was expected");
  expect(stemPath(stem)).toBe(`M97.4,${ROW_HEIGHT / 2}V${1.5 * ROW_HEIGHT - 8}`);
});

test("thousands of forks draw the rows on the screen, and one stem for each place", () => {
  const children = Array.from({ length: 2_000 }, (_, at) => run(`c${at}`, "a", (at % 4) * 100));
  const rows = treeRows([run("a", null, null), ...children]);
  const axis = { now: 1_000, width: 1_000, logarithmic: true };
  expect(rows).toHaveLength(2_001);
  expect(stemsOf(rows, axis)).toHaveLength(4);
  const { first, end } = rowsInView(1_000 * ROW_HEIGHT, 280, rows.length);
  expect(end - first).toBeLessThan(24);
  expect([first <= 1_000, end >= 1_010]).toEqual([true, true]);
  expect(rowsInView(0, 280, 3)).toEqual({ first: 0, end: 3 });
});

test("a long chain of forks is not set in without end, and the longest run gives the axis", () => {
  const chain = Array.from({ length: 50 }, (_, at) => run(`r${at}`, at ? `r${at - 1}` : null, at));
  const rows = treeRows(chain);
  expect(Math.max(...rows.map(indentOf))).toBe(96);
  expect(rows.slice(0, 3).map(indentOf)).toEqual([0, 16, 32]);
  expect(reachOf([...chain, run("late", "r0", 4_000)])).toBe(4_000);
});

test("a curve too short or without finite values has no line", () => {
  const point = (step: number, mean: number): Point => {
    return { firstStep: step, lastStep: step, count: 1, mean, min: mean, max: mean, last: mean };
  };
  expect(sparkline([point(1, 0.5)], 96, 16)).toBe("");
  expect(sparkline([point(1, NaN), point(2, 0.5)], 96, 16)).toBe("");
  expect(sparkline([point(0, 1), point(10, 0.1)], 96, 16)).toBe("M0.0,0.0L96.0,16.0");
});
