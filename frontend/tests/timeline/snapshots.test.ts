import { expect, test } from "vitest";

import {
  logStep,
  MOST_BYTES,
  MOST_SNAPSHOTS,
  nearest,
  Snapshots,
} from "../../src/timeline/snapshots";
import type { Picture } from "../../src/wire/frame";

function weights(step: number, floats = 1): Picture {
  const array = { name: "w", shape: [floats], values: new Float32Array(floats) };
  return { run: "r", probe: "", kind: "weights", step, epoch: 0, meta: {}, arrays: [array] };
}

function held(steps: readonly number[], handle: number | null = null, floats = 1): Snapshots {
  const snapshots = new Snapshots();
  for (const step of steps) snapshots.add("weights", weights(step, floats), handle);
  return snapshots;
}

const THOUSAND = Array.from({ length: 1_000 }, (_, step) => step);

test("of a thousand moments 64 are held, spread evenly over the track", () => {
  const { steps } = held(THOUSAND);
  expect(steps).toHaveLength(MOST_SNAPSHOTS);
  expect([steps[0], steps.at(-1)]).toEqual([0, 999]);
  const gaps = steps.slice(1).map((step, at) => logStep(step) - logStep(steps[at] ?? 0));
  expect(Math.max(...gaps.slice(3))).toBeLessThan(0.5);
});

test("near the handle they lie closer together", () => {
  const around = (snapshots: Snapshots): number =>
    snapshots.steps.filter((step) => step >= 200 && step <= 400).length;
  expect(around(held(THOUSAND, 300))).toBeGreaterThan(around(held(THOUSAND)));
});

test("sixteen megabytes are never exceeded", () => {
  const floats = MOST_BYTES / 4 / 10;
  const snapshots = held([...Array(25).keys()], null, floats);
  expect(snapshots.bytes).toBeLessThanOrEqual(MOST_BYTES);
  expect(snapshots.steps).toHaveLength(10);
});

test("pictures of one step stand together, a newer one for an older", () => {
  const snapshots = held([5, 5]);
  snapshots.add("field", weights(5), null);
  expect(snapshots.steps).toEqual([5]);
  expect([...(snapshots.at(5)?.pictures.keys() ?? [])]).toEqual(["weights", "field"]);
});

test("the nearest moment is the nearest on the track, not by number of steps", () => {
  expect(nearest([1, 100], 20)).toBe(100);
  expect(nearest([1, 100], 10)).toBe(1);
  expect(nearest([], 10)).toBeUndefined();
});

test("what lies behind a rewind is forgotten", () => {
  const snapshots = held([1, 2, 3]);
  snapshots.rewind(2);
  expect(snapshots.steps).toEqual([1, 2]);
});
