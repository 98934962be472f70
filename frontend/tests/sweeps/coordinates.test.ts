import { expect, test } from "vitest";

import {
  axesOf,
  axisAt,
  type Frame,
  lineAt,
  linesOf,
  shareAt,
  stopAt,
  xOf,
  yOf,
} from "../../src/sweeps/coordinates";
import { member, SWEEP } from "./members";

const FRAME: Frame = { width: 240, height: 120, left: 20, right: 20, top: 10, bottom: 10 };
const MEMBERS = [0, 1, 2, 3, 4, 5].map((at) => member(at, { goal: 0.5 - 0.05 * at }));

test("the varied fields have an axis each, and the goal the last", () => {
  const axes = axesOf(SWEEP, MEMBERS);
  expect(axes.map(({ path }) => path)).toEqual([...SWEEP.vary.map(({ path }) => path), null]);
  expect(axes[0]?.scale).toEqual({ kind: "log", low: 0.01, high: 1 });
  expect(axes[1]?.scale).toEqual({ kind: "linear", low: 2, high: 4 });
  expect(axes[0]?.ticks).toEqual([0.01, 0.1, 1]);
});

test("an axis of a range has the range's own ends and its logarithm", () => {
  const vary = [{ path: "/train/batch_size", low: 4, high: 64, log: true }];
  const axes = axesOf({ vary }, [member(0, { values: { "/train/batch_size": 16 } })]);
  expect(axes[0]?.scale).toEqual({ kind: "log", low: 4, high: 64 });
  expect(axes[0]?.stops).toEqual([16]);
});

test("words stand one above the other in the order in which they were given", () => {
  const path = "/network/layers/0/activation";
  const vary = [{ path, values: ["tanh", "relu"] }];
  const axes = axesOf({ vary }, [member(0, { values: { [path]: "relu" } })]);
  expect(axes[0]?.ticks).toEqual(["tanh", "relu"]);
  expect(linesOf(axes, [member(0, { values: { [path]: "relu" } })], FRAME)[0]?.points).toEqual([
    { x: 20, y: yOf(0.75, FRAME) },
  ]);
});

test("a member runs over all axes, and stops before a goal that it does not have", () => {
  const axes = axesOf(SWEEP, MEMBERS);
  const [first, second] = linesOf(axes, [member(1, { goal: 0.4 }), member(1)], FRAME);
  expect(first?.points[0]).toEqual({ x: 20, y: 60 });
  expect(first?.points.map(({ x }) => x)).toEqual([20, 120, 220]);
  expect(second?.points).toHaveLength(2);
});

test("a loss that was lost is no goal", () => {
  expect(linesOf(axesOf(SWEEP, MEMBERS), [member(0, { goal: "NaN" })], FRAME)[0]?.goal).toBeNull();
});

test("a place belongs to the axis beside it, and to its nearest value", () => {
  const axes = axesOf(SWEEP, MEMBERS);
  expect(axisAt(xOf(1, 3, FRAME) + 10, 3, FRAME)).toBe(1);
  expect(axisAt(70, 3, FRAME)).toBe(-1);
  const axis = axes[0];
  if (!axis) throw new Error("no axis");
  expect(stopAt(axis, shareAt(58, FRAME))).toBe(0.1);
  expect(stopAt(axis, shareAt(500, FRAME))).toBe(0.01);
});

test("between the axes the nearest line is meant, if one is near", () => {
  const axes = axesOf(SWEEP, MEMBERS);
  const lines = linesOf(axes, MEMBERS, FRAME);
  const [from, to] = [lines[0]?.points[0], lines[0]?.points[1]];
  const middle = ((from?.y ?? 0) + (to?.y ?? 0)) / 2;
  expect(lineAt(lines, 70, middle + 2)).toBe("run_0");
  expect(lineAt(lines.slice(0, 1), 70, middle - 40)).toBeNull();
});
