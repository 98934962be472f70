import { expect, test } from "vitest";

import { addressOfPair, chartColumns, figureNames, readPair } from "../../src/runs/comparison";
import type { RunRow } from "../../src/wire/plan";
import type { Columns } from "../../src/wire/types";

const FIRST = `run_${"a".repeat(32)}`;
const SECOND = `run_${"b".repeat(32)}`;

function columns(steps: number[], values: (number | string)[]): Columns {
  const each = { mean: values, min: values, max: values, last: values };
  return { first_step: steps, last_step: steps, count: steps.map(() => 1), ...each };
}

test("the address of two runs reads back as those two", () => {
  const query = new URL(addressOfPair(FIRST, SECOND), "http://x").searchParams;
  expect(readPair(query)).toEqual([FIRST, SECOND]);
  for (const bad of ["", FIRST, `${FIRST},x`, `${FIRST},${SECOND},${FIRST}`]) {
    expect(readPair(new URLSearchParams({ compare: bad }))).toBeNull();
  }
});

test("curves of different steps share one axis", () => {
  const [steps, first, second] = chartColumns(
    [columns([1, 3], [0.5, "NaN"]), columns([2, 3], [0.4, 0.3])],
    400,
  );
  expect(steps).toEqual([1, 2, 3]);
  expect(first).toEqual([0.5, null, null]);
  expect(second).toEqual([null, 0.4, 0.3]);
  expect(chartColumns([undefined], 400)).toEqual([[], []]);
});

test("figures of either run are set side by side", () => {
  const row = (latest: RunRow["latest"], results: RunRow["results"]) =>
    ({ row: { latest, results } as RunRow, series: {} }) as const;
  const sides = [row({ "train/loss": 1 }, null), row({}, { "test/accuracy": 0.9 })] as const;
  expect(figureNames({ sides })).toEqual(["test/accuracy", "train/loss"]);
});
