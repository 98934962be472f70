import { beforeEach, expect, test } from "vitest";

import type { Effect } from "../../src/actions/action";
import { Hand } from "../../src/hand/hand";
import { Observable } from "../../src/observable";
import { INITIAL, type State } from "../../src/page/state";
import { Pictures } from "../../src/painting/pictures";
import type { RunView } from "../../src/run/run";
import { arrayOf, type Picture } from "../../src/wire/frame";
import type { Plan } from "../../src/wire/plan";
import type { WeightEdit } from "../../src/wire/types";

const PLAN = {
  layers: [
    {
      name: "linear_1",
      type: "linear",
      inputs: ["input"],
      output: [1],
      fields: { activation: "identity" },
    },
  ],
  output: "linear_1",
  data: { input: [2], task: "regression", classes: [], sizes: { train: 10 } },
  train: { losses: [] },
  hash: "h",
} as unknown as Plan;
const GRIP = { name: "linear_1.weight", index: [0, 1] };

let now: number;
let later: (() => void)[];
let done: Effect[];
let page: Observable<State>;
let pictures: Pictures;
let hand: Hand;

beforeEach(() => {
  now = 0;
  later = [];
  done = [];
  page = new Observable<State>({ ...INITIAL, plan: PLAN });
  pictures = new Pictures();
  const settled = Promise.resolve();
  const carryOut = (effect: Effect) => void done.push(effect);
  const session = { state: page, pictures, carryOut, settled };
  const after = (_: number, call: () => void) => {
    later.push(call);
    return () => undefined;
  };
  hand = new Hand(session, () => now, { after });
  pictures.put(weights([1, 2], 0));
});

function weights(values: number[], bias: number): Picture {
  const arrays = [
    { name: "linear_1.weight", shape: [1, 2], values: Float32Array.from(values) },
    { name: "linear_1.bias", shape: [1], values: Float32Array.of(bias) },
  ];
  return { run: null, probe: "", kind: "weights", step: 0, epoch: 0, meta: {}, arrays };
}

function elapse(): void {
  for (const call of later.splice(0)) call();
}

function run(id: string, status = "paused"): void {
  page.update((state) => ({ ...state, run: { id, status } as unknown as RunView }));
}

function sent(): WeightEdit[][] {
  return done.flatMap((effect) =>
    effect.do === "control" && effect.control.action === "set"
      ? [effect.control.changes.weights ?? []]
      : [],
  );
}

test("the field bends in the frame in which the hand moves", () => {
  hand.take(GRIP);
  hand.turn(0.5);
  expect(hand.valueOf(GRIP)).toBeCloseTo(2.5);
  const field = arrayOf(pictures.get("field"), "field")?.values ?? [];
  // The first cell's centre lies at (−5.90625, 5.90625): 1·x + 2.5·y.
  expect(field[0]).toBeCloseTo(1.5 * 5.90625, 3);
});

test("many moves of a twentieth of a second are one number to the service", () => {
  run("run_1");
  hand.take(GRIP);
  for (let move = 0; move < 10; move++) hand.turn(0.1);
  hand.set({ name: "linear_1.bias", index: [0] }, 4);
  expect(done).toEqual([]);
  elapse();
  expect(sent()).toHaveLength(1);
  expect(sent()[0]?.map(({ name }) => name)).toEqual(["linear_1.weight", "linear_1.bias"]);
  expect(sent()[0]?.[0]?.value).toBeCloseTo(3);
});

test("on a draft the first drag begins a run at rest, which is then told", () => {
  hand.take(GRIP);
  hand.turn(1);
  elapse();
  expect(done).toEqual([{ do: "create", start: "paused" }]);
  page.update((state) => ({ ...state, beginning: true }));
  hand.turn(1);
  elapse();
  page.update((state) => ({ ...state, beginning: false }));
  run("run_1");
  elapse();
  expect(sent()).toEqual([[{ name: "linear_1.weight", index: [0, 1], value: 4 }]]);
  expect(hand.view.value.pins).toEqual([GRIP]);
});

test("a frame that was under way does not throw the hand off; a later one counts", () => {
  run("run_1", "running");
  hand.take(GRIP);
  hand.turn(1);
  hand.letGo();
  pictures.put(weights([7, 2], 0));
  expect(hand.valueOf(GRIP)).toBeCloseTo(3);
  expect(hand.valueOf({ ...GRIP, index: [0, 0] })).toBe(7);
  now = 10_000;
  pictures.put(weights([7, 2], 0));
  expect(hand.valueOf(GRIP)).toBe(2);
});

test("what cannot be set is not taken: an ended run, an unknown number, one beyond the bounds", () => {
  hand.set(GRIP, 1e9);
  expect(hand.valueOf(GRIP)).toBe(1e6);
  hand.take({ name: "linear_9.weight", index: [0, 0] });
  expect(hand.view.value.held).toBe(false);
  run("run_1", "finished");
  hand.take(GRIP);
  expect(hand.view.value.held).toBe(false);
});

test("more than a control may hold goes in several", async () => {
  run("run_1");
  for (let at = 0; at < 70; at++) hand.set({ name: `other_${at}.bias`, index: [0] }, 1);
  elapse();
  await Promise.resolve();
  await Promise.resolve();
  elapse();
  expect(sent().map((edits) => edits.length)).toEqual([64, 6]);
});

test("another network is not pinned by hand", () => {
  hand.set(GRIP, 1);
  run("run_1");
  expect(hand.view.value.pins).toEqual([]);
});
