import { expect, test } from "vitest";

import { DIM } from "../../src/sweeps/picking";
import type { Picked } from "../../src/sweeps/selection";
import { settingColours, settingStrengths, standingOf, viewOf } from "../../src/sweeps/view";
import { member, SWEEP } from "./members";

const MEMBERS = [0, 1, 2].map((at) => member(at, { goal: 1 / (at + 1), setting: at >> 1 }));
const BOARD = { members: MEMBERS, courses: [], sample: null, lost: false, notice: null };
const NOTHING: Picked = { pointed: null, brushes: new Map(), opened: null, first: 0 };

function view(pointed: Picked["pointed"]) {
  return viewOf(standingOf({ ...BOARD, sweep: SWEEP }), { ...NOTHING, pointed });
}

test("the one with the least loss leads, and all are shown", () => {
  const seen = view(null);
  expect([seen.leader?.run, seen.shown, seen.plane]).toEqual(["run_2", 3, false]);
});

test("the pictures stay while the pointer walks over them, the lines answer", () => {
  const seen = view({ kind: "member", run: "run_0", on: "grid" });
  expect([seen.strengths.get("run_1"), seen.pictured.get("run_1")]).toEqual([DIM, 1]);
  const lines = view({ kind: "member", run: "run_0", on: "lines" });
  expect(lines.pictured.get("run_1")).toBe(DIM);
});

test("a setting is as strong as its strongest seed, and has a colour once it has a goal", () => {
  const seen = view({ kind: "member", run: "run_1", on: "lines" });
  expect([...settingStrengths(seen)]).toEqual([
    [0, 1],
    [1, DIM],
  ]);
  expect(settingColours(seen, "light").size).toBe(2);
});
