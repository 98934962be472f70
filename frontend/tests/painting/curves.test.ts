import { expect, test } from "vitest";

import { mosaic } from "../../src/layers/conv/kernels";
import { softmax } from "../../src/layers/linear/bars";
import { percentile } from "../../src/layers/linear/edges";
import {
  curveColumns,
  logarithmicTicks,
  lossRange,
  reduce,
  stepRange,
} from "../../src/painting/curves";
import { type Point, Series } from "../../src/run/series";

function point(step: number, mean: number): Point {
  return { firstStep: step, lastStep: step, count: 1, mean, min: mean, max: mean, last: mean };
}

function series(...points: Point[]): Series {
  const made = new Series();
  made.points = points;
  return made;
}

function drawn({ points }: Series, logarithmic = false) {
  return { points, logarithmic };
}

test("two curves share their steps, with holes where one has no point", () => {
  const train = series(point(1, 0.5), point(2, 0.4), point(3, 0.3));
  const validation = series(point(0, 0.9), point(3, 0.6));
  expect(curveColumns([drawn(train), drawn(validation)], 400)).toEqual([
    [0, 1, 2, 3],
    [null, 0.5, 0.4, 0.3],
    [0.9, null, null, 0.6],
  ]);
});

test("what is not finite, or zero on a logarithmic axis, is a hole", () => {
  const train = series(point(1, 0), point(2, Infinity), point(3, 1));
  expect(curveColumns([drawn(train, true)], 400)[1]).toEqual([null, null, 1]);
});

test("a reduced curve keeps its highest and lowest point", () => {
  const points = Array.from({ length: 10_000 }, (_, step) => point(step, Math.sin(step / 50)));
  points[5_001] = point(5_001, 99);
  const kept = reduce(points, 200);
  expect(kept.length).toBeLessThanOrEqual(200);
  expect(Math.max(...kept.map((each) => each.mean))).toBe(99);
  expect(kept.map((each) => each.lastStep)).toEqual(
    [...kept.map((each) => each.lastStep)].sort((a, b) => a - b),
  );
});

test("the logarithmic range never holds zero", () => {
  expect(lossRange(0, 1, true)[0]).toBeGreaterThan(0);
  expect(lossRange(null, null, true)[0]).toBeGreaterThan(0);
});

test("a short run leaves the room that was guessed for it", () => {
  expect(stepRange(1, 5, 100)).toEqual([0, 100]);
  expect(stepRange(1, 500, 100)).toEqual([0, 500]);
  expect(stepRange(null, null, 0)).toEqual([0, 1]);
});

test("a logarithmic axis has few figures, whatever it spans", () => {
  expect(logarithmicTicks(0.0085, 1.2)).toEqual([0.01, 0.1, 1]);
  expect(logarithmicTicks(0.11, 0.7)).toEqual([0.2, 0.5]);
  expect(logarithmicTicks(8.5e-10, 2_000).length).toBeLessThanOrEqual(5);
});

test("a range with no 1, 2 or 5 in it has figures all the same", () => {
  expect(logarithmicTicks(0.53, 0.87)).toEqual([0.6, 0.7, 0.8]);
  expect(logarithmicTicks(0.61, 0.655)).toEqual([0.62, 0.64]);
  expect(logarithmicTicks(1.1, 1.9)).toEqual([1.2, 1.4, 1.6, 1.8]);
  expect(logarithmicTicks(0.201, 0.302)).toEqual([0.25, 0.3]);
});

test("a filter's channels stand side by side with a gap between them", () => {
  const values = Float32Array.from({ length: 8 }, (_, index) => index);
  const picture = mosaic({ name: "k", shape: [1, 2, 2, 2], values });
  expect(picture.shape).toEqual([1, 2, 5]);
  expect([...picture.values]).toEqual([0, 1, 0, 4, 5, 2, 3, 0, 6, 7]);
});

test("softmax does not overflow and adds up to one", () => {
  const shares = softmax(Float32Array.of(1_000, 1_000, 0));
  expect([...shares]).toEqual([0.5, 0.5, 0]);
});

test("the percentile goes by size, not by sign", () => {
  const weights = Float32Array.from({ length: 100 }, (_, index) => (index % 2 ? -index : index));
  expect(percentile(weights, 0.95)).toBe(95);
});
