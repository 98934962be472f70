import { beforeEach, expect, test } from "vitest";

import { INITIAL, type State } from "../../src/page/state";
import { Slowing } from "../../src/pace/slowing";
import type { RunView } from "../../src/run/run";
import type { Changes } from "../../src/wire/types";

let state: State;
let sent: Changes[];
let due: (() => void)[];
let slowing: Slowing;

function run(view: Partial<RunView>): State {
  return { ...INITIAL, run: { id: "run_a", status: "running", changes: {}, ...view } as RunView };
}

/** Shift is held long enough. */
function hold(): void {
  slowing.press("Shift");
  for (const call of due.splice(0)) call();
}

beforeEach(() => {
  state = run({});
  sent = [];
  due = [];
  const after = (_: number, call: () => void) => {
    due.push(call);
    return () => (due = due.filter((other) => other !== call));
  };
  slowing = new Slowing(
    () => state,
    (changes) => sent.push(changes),
    { after, random: () => 0 },
  );
});

test("holding Shift slows to four steps a second, and letting go gives the old speed back", () => {
  state = run({ changes: { speed: 64 } });
  hold();
  hold();
  expect(sent).toEqual([{ speed: 4 }]);
  slowing.release("Shift");
  slowing.release("Shift");
  expect(sent).toEqual([{ speed: 4 }, { speed: 64 }]);
});

test("without a limit before there is none after", () => {
  hold();
  slowing.release("Shift");
  expect(sent).toEqual([{ speed: 4 }, { speed: 0 }]);
});

test("a Shift that belongs to another key, or is let go at once, slows nothing", () => {
  slowing.press("Shift");
  slowing.press("ArrowRight");
  expect(due).toEqual([]);
  slowing.press("Shift");
  slowing.release("Shift");
  expect(due).toEqual([]);
  expect(sent).toEqual([]);
});

test("a run that rests is not slowed, and one that was paused meanwhile is given back", () => {
  state = run({ status: "paused" });
  hold();
  expect(sent).toEqual([]);
  slowing.release("Shift");
  state = run({});
  hold();
  state = run({ status: "paused" });
  slowing.release("Shift");
  expect(sent).toEqual([{ speed: 4 }, { speed: 0 }]);
});

test("a run that has ended or was left is not touched", () => {
  hold();
  state = run({ status: "finished" });
  slowing.release("Shift");
  state = run({});
  hold();
  state = run({ id: "run_b" });
  slowing.release("Shift");
  expect(sent).toEqual([{ speed: 4 }, { speed: 4 }]);
});
