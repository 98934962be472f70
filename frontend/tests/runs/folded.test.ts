import { expect, test } from "vitest";

import { folded } from "../../src/runs/folded";

const at = (second: number) => `2026-05-03T10:00:0${second}.000Z`;
const runs = [6, 4, 2].map((second) => ({ id: `run_${second}`, created_at: at(second) })) as never;
const sweeps = [5, 1].map((second) => ({ id: `sweep_${second}`, created_at: at(second) })) as never;

function ids(whole: boolean) {
  return folded(runs, sweeps, whole).map(({ run, sweep }) => (run ?? sweep).id);
}

test("a sweep stands among the runs by when it was made", () => {
  expect(ids(true)).toEqual(["run_6", "sweep_5", "run_4", "run_2", "sweep_1"]);
});

test("one that is older than all runs on show waits for the older runs", () => {
  expect(ids(false)).toEqual(["run_6", "sweep_5", "run_4", "run_2"]);
});

test("without runs all sweeps are listed", () => {
  expect(folded([], sweeps, true)).toHaveLength(2);
});
