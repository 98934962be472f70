import { expect, test } from "vitest";

import { smooth } from "../../src/curves/smoothing";
import type { Point } from "../../src/run/series";

function block(first: number, last: number, mean: number): Point {
  const count = last - first + 1;
  return { firstStep: first, lastStep: last, count, mean, min: mean, max: mean, last: mean };
}

const zigzag = Array.from({ length: 400 }, (_, step) => block(step + 1, step + 1, step % 2));

test("a zigzag becomes its mean", () => {
  const calm = smooth(zigzag, 0.05).slice(100);
  for (const { mean } of calm) expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
});

test("a level curve stays where it is from its first point on", () => {
  const level = Array.from({ length: 50 }, (_, step) => block(step + 1, step + 1, 3));
  for (const { mean } of smooth(level, 0.5)) expect(mean).toBeCloseTo(3);
});

test("a block of many steps weighs as much as its steps one by one", () => {
  const apart = [...Array.from({ length: 64 }, (_, at) => block(at + 1, at + 1, 1))];
  const end = block(1_000, 1_000, 0);
  const single = smooth([...apart, end], 1_000).at(-1)?.mean;
  const merged = smooth([block(1, 64, 1), end], 1_000).at(-1)?.mean;
  expect(merged).toBeCloseTo(single ?? NaN, 2);
});

test("without smoothing, and where the loss was lost, the points are as they came", () => {
  expect(smooth(zigzag, 0)).toEqual(zigzag);
  const lost = [block(1, 1, 1), block(2, 2, Infinity), block(3, 3, 1)];
  expect(smooth(lost, 1)[1]?.mean).toBe(Infinity);
  expect(smooth(lost, 1)[2]?.mean).toBeCloseTo(1);
});
