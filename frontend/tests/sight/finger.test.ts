import { expect, test } from "vitest";

import { Finger, HOLD_MS } from "../../src/sight/finger";
import { LENS, lensAt } from "../../src/sight/magnifier";
import type { Position } from "../../src/sight/place";

/** A finger on a picture, with a clock that goes when it is told to. */
function touch() {
  const told: [string, Position?][] = [];
  let due: { in: number; call: () => void } | null = null;
  const finger = new Finger(
    {
      point: (at) => told.push(["point", at]),
      tap: (at) => told.push(["tap", at]),
      leave: () => told.push(["leave"]),
    },
    {
      after: (milliseconds, call) => {
        due = { in: milliseconds, call };
        return () => (due = null);
      },
    },
  );
  const wait = (milliseconds: number): void => {
    if (due && milliseconds >= due.in) due.call();
  };
  const press = (at: Position): void => finger.press({ at, on: {} as Element });
  return { finger, told, wait, press };
}

const here = { x: 100, y: 300 };

test("a finger held still points after 150 ms, and leads from there", () => {
  const { finger, told, wait, press } = touch();
  press(here);
  wait(HOLD_MS - 1);
  expect(told).toEqual([]);
  finger.move({ x: 104, y: 297 });
  wait(HOLD_MS);
  finger.move({ x: 160, y: 300 });
  expect(told).toEqual([
    ["point", here],
    ["point", { x: 160, y: 300 }],
  ]);
  expect(finger.held.value?.at).toEqual({ x: 160, y: 300 });
  finger.lift();
  expect(told.at(-1)).toEqual(["leave"]);
  expect(finger.held.value).toBeNull();
});

test("one that goes on at once scrolls, one that is lifted at once taps", () => {
  const scroll = touch();
  scroll.press(here);
  scroll.finger.move({ x: 130, y: 300 });
  scroll.wait(HOLD_MS);
  scroll.finger.lift();
  expect(scroll.told).toEqual([]);
  const tap = touch();
  tap.press(here);
  tap.finger.lift();
  expect(tap.told).toEqual([["tap", here]]);
});

test("what the browser takes from a finger neither taps nor points any more", () => {
  const { finger, told, wait, press } = touch();
  press(here);
  wait(HOLD_MS);
  finger.lose();
  finger.lift();
  expect(told).toEqual([["point", here], ["leave"]]);
});

test("the lens stands 56 above the finger, within the screen; under its edge beside the finger", () => {
  const screen = { width: 390 };
  expect(lensAt({ x: 200, y: 400 }, screen)).toEqual({ x: 200 - LENS / 2, y: 400 - 56 - LENS });
  expect(lensAt({ x: 5, y: 400 }, screen).x).toBe(4);
  expect(lensAt({ x: 388, y: 400 }, screen).x).toBe(390 - LENS - 4);
  expect(lensAt({ x: 100, y: 60 }, screen)).toEqual({ x: 156, y: 4 });
  expect(lensAt({ x: 330, y: 60 }, screen)).toEqual({ x: 330 - 56 - LENS, y: 4 });
});
