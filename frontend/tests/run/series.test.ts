import { expect, test } from "vitest";

import { Series } from "../../src/run/series";
import type { Columns } from "../../src/wire/types";

function steps(first: number, last: number, value: (step: number) => number): Columns {
  const every = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const values = every.map(value);
  const count = every.map(() => 1);
  const columns = { mean: values, min: values, max: values, last: values };
  return { first_step: every, last_step: every, count, ...columns };
}

test("points that are already there are not added again", () => {
  const series = new Series();
  series.add(steps(1, 3, () => 1));
  series.add(steps(2, 5, () => 2));
  expect(series.points.map((point) => point.mean)).toEqual([1, 1, 1, 2, 2]);
});

test("a rewind drops what lies behind it, and the run is drawn anew from there", () => {
  const series = new Series();
  series.add(steps(1, 10, () => 1));
  series.rewind(4);
  series.add(steps(5, 6, () => 9));
  expect(series.points.map((point) => point.mean)).toEqual([1, 1, 1, 1, 9, 9]);
});

test("a long run stays small and keeps its extremes, its count and its newest points", () => {
  const series = new Series();
  for (let start = 1; start < 60_000; start += 500) {
    series.add(steps(start, start + 499, (step) => (step === 777 ? 1_000 : step)));
  }
  expect(series.points.length).toBeLessThanOrEqual(4_000);
  expect(Math.max(...series.points.map((point) => point.max))).toBeGreaterThan(59_000);
  expect(series.at(777)?.max).toBe(1_000);
  expect(series.points.reduce((sum, point) => sum + point.count, 0)).toBe(60_000);
  expect(series.latest?.lastStep).toBe(60_000);
});

test("numbers that are not finite are read from their words", () => {
  const series = new Series();
  const columns = steps(1, 2, () => 0);
  series.add({ ...columns, last: ["Infinity", "NaN"] });
  expect(series.points.map((point) => point.last)).toEqual([Infinity, NaN]);
});
