import { expect, test } from "vitest";

import { axesOf } from "../../src/sweeps/coordinates";
import {
  brushed,
  brushedValue,
  DIM,
  passes,
  stopBeside,
  strengthOf,
} from "../../src/sweeps/picking";
import { Selection } from "../../src/sweeps/selection";
import { member, SWEEP } from "./members";

const MEMBERS = [0, 1, 2, 3, 4, 5].map((at) => member(at, { goal: at / 10 + 0.1 }));
const AXES = axesOf(SWEEP, MEMBERS);
const [RATE] = AXES;
if (!RATE) throw new Error("no axis");

test("what does not hold the value that is pointed at drops to 12 %", () => {
  const pointed = { kind: "value", axis: 0, value: 0.1 } as const;
  const strengths = MEMBERS.map((each) => strengthOf(each, AXES, new Map(), pointed));
  expect(strengths).toEqual([DIM, 1, DIM, DIM, 1, DIM]);
  expect(DIM).toBe(0.12);
});

test("a pointed member alone stays whole", () => {
  const pointed = { kind: "member", run: "run_2", on: "lines" } as const;
  expect(MEMBERS.map((each) => strengthOf(each, AXES, new Map(), pointed))[2]).toBe(1);
  expect(strengthOf(member(0), AXES, new Map(), pointed)).toBe(DIM);
});

test("brushes of several axes let through what passes all of them", () => {
  const brushes = brushed(brushed(new Map(), 0, 1, 0.4), 1, 0.9, 1);
  expect(MEMBERS.filter((each) => passes(each, AXES, brushes)).map(({ run }) => run)).toEqual([
    "run_4",
    "run_5",
  ]);
  expect(passes(member(4, { goal: null }), AXES, brushed(new Map(), 2, 0, 1))).toBe(false);
});

test("a press on a brush takes it away", () => {
  const brushes = brushed(new Map(), 0, 0.2, 0.8);
  expect(brushed(brushes, 0, 0.5, 0.505).size).toBe(0);
});

test("one value can be kept, and only its members pass", () => {
  const brushes = brushedValue(new Map(), 0, RATE, 0.1);
  expect(MEMBERS.filter((each) => passes(each, AXES, brushes))).toHaveLength(2);
});

test("the keyboard walks the values of an axis and stays at its ends", () => {
  expect(stopBeside(RATE, null, 1)).toBe(0.01);
  expect(stopBeside(RATE, null, -1)).toBe(1);
  expect(stopBeside(RATE, 0.1, 1)).toBe(1);
  expect(stopBeside(RATE, 1, 1)).toBe(1);
});

test("a value that was walked to is kept by Enter and let go again", () => {
  const selection = new Selection();
  selection.walk(0, RATE, 1);
  selection.walk(0, RATE, 1);
  expect(selection.state.value.pointed).toEqual({ kind: "value", axis: 0, value: 0.1 });
  selection.keep(0, RATE);
  expect([...selection.state.value.brushes.keys()]).toEqual([0]);
  selection.clear();
  expect(selection.state.value.brushes.size).toBe(0);
});

test("pages of the grid end with the last member", () => {
  const selection = new Selection();
  for (let turn = 0; turn < 5; turn++) selection.turn(1, 130);
  expect(selection.state.value.first).toBe(128);
  for (let turn = 0; turn < 5; turn++) selection.turn(-1, 130);
  expect(selection.state.value.first).toBe(0);
});
