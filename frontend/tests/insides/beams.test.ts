import { expect, test } from "vitest";

import { beamsOf, weightsOf } from "../../src/insides/beams";

const BOX = { x: 10, y: 20, width: 80, height: 72 };
// Two heads of two queries over four keys.
const HEADS = {
  heads: 2,
  queries: 2,
  keys: 4,
  values: Float32Array.from([1, 0, 0, 0, 0, 0.5, 0.5, 0, 0, 0, 0, 1, 0, 0.5, 0.5, 0]),
};

test("beams are half a pixel to six wide, the strongest first, from key to query", () => {
  const [first, ...others] = beamsOf(HEADS, BOX, 0, null);
  expect(first).toMatchObject({ key: 0, query: 0, width: 6 });
  expect(first?.from.x).toBe(10 + 10);
  expect(first?.to.x).toBe(10 + 20);
  expect(others.map(({ width }) => width)).toEqual([3.25, 3.25]);
});

test("one query alone, and the mean of the heads where none is meant", () => {
  expect(beamsOf(HEADS, BOX, null, 0).map(({ key, weight }) => [key, weight])).toEqual([
    [0, 0.5],
    [3, 0.5],
  ]);
  expect([...weightsOf(HEADS, null)].slice(4)).toEqual([0, 0.5, 0.5, 0]);
});

test("what is hardly read has no beam, and a large matrix at most 240", () => {
  const side = 40;
  const values = new Float32Array(side * side).fill(1 / side);
  const even = { heads: 1, queries: side, keys: side, values };
  expect(beamsOf(even, BOX, 0, null)).toHaveLength(0);
  expect(beamsOf({ ...even, values: values.fill(0.05) }, BOX, 0, null)).toHaveLength(240);
});
