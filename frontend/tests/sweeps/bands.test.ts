import { expect, test } from "vitest";

import {
  coursesOf,
  envelopeOf,
  envelopePath,
  heightsOf,
  lastStep,
  outlineOf,
} from "../../src/sweeps/bands";

const BANDS = [
  {
    setting: 0,
    columns: { step: [1, 2, 3], mean: [0.5, 0.3, "NaN"], min: [0.4, 0.2, 0], max: [0.6, 0.4, 9] },
  },
  {
    setting: 1,
    columns: { step: [1, 4], mean: [1, 0.1], min: [1, 0.1], max: [1, 0.1] },
  },
];

test("a course leaves out what is no number", () => {
  const [first] = coursesOf(BANDS);
  expect(first?.points.map(({ step }) => step)).toEqual([1, 2]);
});

test("a band goes along its greatest values and back along its least", () => {
  const [first] = coursesOf(BANDS);
  if (!first) throw new Error("no course");
  const outline = outlineOf(
    first,
    (step) => step,
    (value) => value,
  );
  expect(outline).toEqual([
    { x: 1, y: 0.6 },
    { x: 2, y: 0.4 },
    { x: 2, y: 0.2 },
    { x: 1, y: 0.4 },
  ]);
});

test("one setting that was lost does not press the others flat", () => {
  const step = Array.from({ length: 100 }, (_, at) => at);
  const mean = step.map((at) => (at === 50 ? 1e9 : 1));
  const courses = coursesOf([{ setting: 0, columns: { step, mean, min: mean, max: mean } }]);
  expect(heightsOf(courses)).toEqual({ low: 1, high: 1 });
});

test("courses reach to the last step of any of them", () => {
  expect(lastStep(coursesOf(BANDS))).toBe(4);
  expect(heightsOf([])).toBeNull();
});

test("the band of a whole sweep holds the means of all settings at each step", () => {
  const envelope = envelopeOf(coursesOf(BANDS), 2);
  expect(envelope).toEqual([{ low: 0.1, high: 0.3 }]);
  const steady = [
    { setting: 0, points: [0, 4].map((step) => ({ step, mean: 1, min: 1, max: 1 })) },
  ];
  expect(envelopeOf(steady, 3)).toEqual(Array(3).fill({ low: 1, high: 1 }));
});

test("a band is drawn along its upper edge and back, and not at all from one place", () => {
  const band = [
    { low: 1, high: 100 },
    { low: 1, high: 10 },
  ];
  expect(envelopePath(band, 96, 16)).toBe("M0.0,0.0L96.0,8.0L96.0,16.0L0.0,16.0Z");
  expect(envelopePath(band.slice(1), 96, 16)).toBe("");
});
