import { expect, test } from "vitest";

import { Guess } from "../../src/curves/guess";
import { type Point, Series } from "../../src/run/series";

function flat(loss: number, until: number): Series {
  const series = new Series();
  series.points = Array.from({ length: until }, (_, index) => point(index + 1, loss));
  return series;
}

function point(step: number, mean: number): Point {
  return { firstStep: step, lastStep: step, count: 1, mean, min: mean, max: mean, last: mean };
}

test("what lies between two places of the hand follows the straight line", () => {
  const guess = Guess.empty(60).drawn({ step: 0, loss: 1 }, { step: 60, loss: 0 });
  expect(guess.at(0)).toBe(1);
  expect(guess.at(30)).toBeCloseTo(0.5);
  expect(guess.at(60)).toBe(0);
});

test("drawing backwards over it replaces what stood there", () => {
  const line = Guess.empty(60).drawn({ step: 0, loss: 1 }, { step: 60, loss: 1 });
  const mended = line.drawn({ step: 40, loss: 0.2 }, { step: 20, loss: 0.2 });
  expect([mended.at(10), mended.at(30), mended.at(50)]).toEqual([1, 0.2, 1]);
});

test("the mean distance counts only the steps that the run has reached", () => {
  const guess = Guess.empty(60).drawn({ step: 0, loss: 0.5 }, { step: 60, loss: 0.5 });
  expect(guess.distance(flat(0.3, 60))).toBeCloseTo(0.2);
  expect(guess.distance(flat(0.4, 20))).toBeCloseTo(0.1);
  expect(guess.distance(undefined)).toBeNull();
});
