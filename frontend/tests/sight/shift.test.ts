import { expect, test } from "vitest";

import { difference, ownShift, shifted } from "../../src/sight/shift";

const SHAPE = [2, 2, 3];
const picture = Float32Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);

test("every channel moves alike, and nothing comes in from beyond the border", () => {
  expect([...shifted(picture, SHAPE, 1, 0)]).toEqual([0, 1, 2, 0, 4, 5, 0, 7, 8, 0, 10, 11]);
  expect([...shifted(picture, SHAPE, 0, -1)]).toEqual([4, 5, 6, 0, 0, 0, 10, 11, 12, 0, 0, 0]);
});

test("a sample back in its place is the sample itself", () => {
  expect(ownShift(picture, SHAPE, 0, 0)).toBeNull();
});

test("a sample is moved out of its picture, and no further", () => {
  const own = ownShift(picture, SHAPE, 40, -40);
  expect([own?.right, own?.down]).toEqual([3, -2]);
  expect(own?.values.every((value) => value === 0)).toBe(true);
});

test("a difference is measured against what was there before", () => {
  expect(difference(picture, picture)).toBe(0);
  expect(difference(picture, new Float32Array(12))).toBeCloseTo(1);
  expect(difference(new Float32Array(2), Float32Array.of(0, 1))).toBe(1);
});
