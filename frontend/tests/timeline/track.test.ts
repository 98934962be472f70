import { expect, test } from "vitest";

import { isLive, place, stepAt, ticks } from "../../src/timeline/track";

const axis = { now: 1_000, width: 1_000, logarithmic: true };
const linear = { ...axis, logarithmic: false };

test("the present stands at 92 % of the track and steps before it by their logarithm", () => {
  expect(place(1_000, axis)).toBeCloseTo(920);
  expect(place(0, axis)).toBe(6);
  expect(place(30, axis)).toBeGreaterThan(400);
});

test("on a linear track half the steps take half the room", () => {
  expect(place(500, linear)).toBeCloseTo(6 + 914 / 2);
});

test.each([axis, linear])("a place leads back to its step", (one) => {
  for (const step of [0, 1, 7, 420, 1_000]) expect(stepAt(place(step, one), one)).toBe(step);
});

test("what lies before the track is its beginning and what lies beyond is the present", () => {
  expect(stepAt(-50, axis)).toBe(0);
  expect(stepAt(990, axis)).toBe(1_000);
  expect(isLive(990, axis)).toBe(true);
  expect(isLive(900, axis)).toBe(false);
});

test("a run that has not begun has one place", () => {
  expect(place(0, { ...axis, now: 0 })).toBe(6);
  expect(stepAt(500, { ...axis, now: 0 })).toBe(0);
});

test("figures under the track never touch each other or the present", () => {
  for (const now of [0, 3, 999, 123_456]) {
    for (const logarithmic of [true, false]) {
      const one = { now, width: 358, logarithmic };
      const places = [...ticks(one, 40).map((step) => place(step, one)), place(now, one)];
      for (let at = 1; at < places.length; at++) {
        expect((places[at] ?? 0) - (places[at - 1] ?? 0)).toBeGreaterThanOrEqual(40);
      }
    }
  }
});

test("beside a longer run the present stands where its step is, and nothing later is reached", () => {
  const shared = { ...axis, now: 100, until: 10_000 };
  expect(place(10_000, shared)).toBeCloseTo(920);
  expect(place(100, shared)).toBeCloseTo(6 + 914 * (Math.log1p(100) / Math.log1p(10_000)));
  expect(stepAt(900, shared)).toBe(100);
  expect(isLive(place(100, shared), shared)).toBe(true);
  expect(isLive(place(50, shared), shared)).toBe(false);
  expect(place(100, { ...shared, until: 0 })).toBeCloseTo(920);
});
