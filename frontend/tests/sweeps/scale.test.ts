import { expect, test } from "vitest";

import { scaleOf, shareOf, ticksOf, valueAtShare } from "../../src/sweeps/scale";

test("values that are decades apart lie on a logarithmic axis", () => {
  const scale = scaleOf([0.001, 0.01, 0.1]);
  expect(scale.kind).toBe("log");
  expect(shareOf(scale, 0.01)).toBeCloseTo(0.5);
  expect(valueAtShare(scale, 0.5)).toBeCloseTo(0.01);
});

test("zero has no logarithm, so an axis with it is plain", () => {
  expect(scaleOf([0, 0.001, 0.1]).kind).toBe("linear");
  expect(shareOf({ kind: "log", low: 1, high: 10 }, 0)).toBeNull();
});

test("a single value stands in the middle", () => {
  expect(shareOf(scaleOf([3]), 3)).toBe(0.5);
});

test("switches and words are told apart as words", () => {
  const scale = scaleOf([true, false]);
  expect(shareOf(scale, false)).toBe(0.75);
  expect(shareOf(scale, "other")).toBeNull();
});

test("few values are all labelled, many by powers of ten", () => {
  expect(ticksOf(scaleOf([4, 2, 8]), [4, 2, 8, 2])).toEqual([2, 4, 8]);
  const many = Array.from({ length: 40 }, (_, at) => 0.001 * 1.3 ** at);
  expect(ticksOf(scaleOf(many), many)).toEqual([0.001, 0.01, 0.1, 1, 10]);
});

test("an axis of whole numbers is labelled with whole numbers", () => {
  const units = Array.from({ length: 12 }, (_, at) => at + 1);
  expect(ticksOf(scaleOf(units, false), units)).toEqual([1, 4, 7, 9, 12]);
});
