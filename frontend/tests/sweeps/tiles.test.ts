import { expect, test } from "vitest";

import { beside, columnsOf, layoutOf, placeOf } from "../../src/sweeps/tiles";
import { SWEEP } from "./members";

test("sixty-four members stand eight by eight, 80 wide", () => {
  const columns = columnsOf({ ...SWEEP, method: "random" }, 64, false);
  const layout = layoutOf(64, columns, 696);
  expect([columns, layout.side, layout.height]).toEqual([8, 80, 696]);
  expect(placeOf(63, layout)).toEqual({ x: 616, y: 616 });
});

test("a phone has four columns", () => {
  const columns = columnsOf({ ...SWEEP, method: "random" }, 64, true);
  expect([columns, layoutOf(64, columns, 358).side]).toEqual([4, 83]);
});

test("the last field of a grid runs along the rows", () => {
  expect(columnsOf(SWEEP, 6, false)).toBe(2);
  expect(columnsOf({ ...SWEEP, seeds: 3 }, 18, false)).toBe(6);
});

test("few members have larger pictures", () => {
  expect(layoutOf(9, 3, 696).side).toBe(168);
});

test("arrows walk the grid and stop at its edges", () => {
  expect(beside(9, "ArrowUp", 8, 64)).toBe(1);
  expect(beside(1, "ArrowUp", 8, 64)).toBe(1);
  expect(beside(62, "ArrowDown", 8, 64)).toBe(62);
  expect(beside(5, "End", 8, 64)).toBe(63);
  expect(beside(5, "Home", 8, 64)).toBe(0);
  expect(beside(5, "x", 8, 64)).toBe(5);
});
