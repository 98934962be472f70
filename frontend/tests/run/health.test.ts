import { expect, test } from "vitest";

import { healthOf } from "../../src/run/health";
import type { Picture } from "../../src/wire/frame";

function norms(values: number[]): Picture {
  const layers = values.map((_, index) => `linear_${index + 1}`);
  const array = { name: "gradients", shape: [values.length], values: Float32Array.from(values) };
  return { kind: "norms", meta: { layers }, arrays: [array] } as unknown as Picture;
}

test("a gradient a hundred times smaller is half as long", () => {
  const health = healthOf(norms([0.01, 1]));
  expect(health.map(({ layer }) => layer)).toEqual(["linear_1", "linear_2"]);
  expect(health[0]?.share).toBeCloseTo(0.5);
  expect(health[1]?.share).toBe(1);
});

test("gradients that vanish or explode still have their bars", () => {
  expect(healthOf(norms([0, 1e-9, 1])).map(({ share }) => share)).toEqual([0, 0, 1]);
  expect(healthOf(norms([NaN, 1])).map(({ share }) => share)).toEqual([1, 1]);
  expect(healthOf(undefined)).toEqual([]);
});
