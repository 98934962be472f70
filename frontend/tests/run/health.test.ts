import { expect, test } from "vitest";

import { healthOf } from "../../src/run/health";
import type { Picture } from "../../src/wire/frame";

const ORDER = ["linear_1", "relu_1", "linear_2", "linear_3"];

function norms(values: number[]): Picture {
  const layers = values.map((_, index) => `linear_${index + 1}`);
  const array = { name: "gradients", shape: [values.length], values: Float32Array.from(values) };
  return { kind: "norms", meta: { layers }, arrays: [array] } as unknown as Picture;
}

// proves E4.drawn
test("a gradient a hundred times smaller is half as long", () => {
  const health = healthOf(norms([0.01, 1]), undefined, ORDER);
  expect(health.map(({ layer }) => layer)).toEqual(["linear_1", "linear_2"]);
  expect(health[0]?.share).toBeCloseTo(0.5);
  expect(health[1]?.share).toBe(1);
});

test("gradients that vanish or explode still have their bars", () => {
  expect(healthOf(norms([0, 1e-9, 1]), undefined, ORDER).map(({ share }) => share)).toEqual([
    0, 0, 1,
  ]);
  expect(healthOf(norms([NaN, 1]), undefined, ORDER).map(({ share }) => share)).toEqual([1, 1]);
  expect(healthOf(undefined, undefined, ORDER)).toEqual([]);
});

// proves A4.drawn
test("shares stand beside the gradients in the order of the net; what means nothing is not told", () => {
  const arrays = ["dead", "active", "saturated"].map((name) => ({
    name,
    shape: [2],
    values: Float32Array.from(name === "saturated" ? [NaN, 0.25] : [0.625, NaN]),
  }));
  const meta = { layers: ["relu_1", "linear_2"], samples: 256 };
  const activity = { kind: "activity", meta, arrays } as unknown as Picture;
  const health = healthOf(norms([1, 0.5]), activity, ORDER);
  expect(health.map(({ layer }) => layer)).toEqual(["linear_1", "relu_1", "linear_2"]);
  expect(health.map(({ gradient }) => gradient)).toEqual([1, null, 0.5]);
  expect(health[1]?.living).toEqual({ dead: 0.625, active: 0.625, saturated: null });
  expect(health[2]?.living).toEqual({ dead: null, active: null, saturated: 0.25 });
});
