import { expect, test } from "vitest";

import { Orders } from "../../src/run/orders";
import type { Changes, Control, WeightEdit } from "../../src/wire/types";

const set = (changes: Changes): Control => ({ action: "set", changes });
const pause: Control = { action: "pause" };

/** Orders to a service that takes each request only when it is let. */
function slow() {
  const taken: [string, Control][] = [];
  const held: (() => void)[] = [];
  const orders = new Orders((run, control) => {
    taken.push([run, control]);
    return new Promise((done) => held.push(done));
  });
  const letAll = async (): Promise<void> => {
    let over = false;
    void orders.settled.then(() => (over = true));
    while (!over) {
      held.shift()?.();
      await Promise.resolve();
    }
  };
  return { orders, taken, letAll };
}

test("a pause behind forty changes waits for two requests", async () => {
  const { orders, taken, letAll } = slow();
  orders.add("a", set({ learning_rate: 1 }));
  await Promise.resolve();
  for (let rate = 2; rate <= 40; rate += 1) orders.add("a", set({ learning_rate: rate }));
  orders.add("a", set({ l2: 0.5 }));
  orders.add("a", pause);
  await letAll();
  expect(taken).toEqual([
    ["a", set({ learning_rate: 1 })],
    ["a", set({ learning_rate: 40, l2: 0.5 })],
    ["a", pause],
  ]);
});

test("what was asked between two changes, and of another run, stays between them", async () => {
  const { orders, taken, letAll } = slow();
  const asked: [string, Control][] = [
    ["a", set({ learning_rate: 1 })],
    ["a", pause],
    ["a", set({ learning_rate: 2 })],
    ["b", set({ learning_rate: 3 })],
  ];
  for (const [run, control] of asked) orders.add(run, control);
  await letAll();
  expect(taken).toEqual(asked);
});

test("no weight that was set by hand is lost, and no request holds more than the service takes", async () => {
  const { orders, taken, letAll } = slow();
  const edits = (count: number): WeightEdit[] =>
    Array.from({ length: count }, (_, at) => ({ name: "w", index: [at], value: at }));
  orders.add("a", set({ weights: edits(3) }));
  orders.add("a", set({ weights: edits(2), speed: 1 }));
  orders.add("a", set({ weights: edits(60) }));
  await letAll();
  expect(taken.map(([, control]) => control)).toEqual([
    set({ weights: [...edits(3), ...edits(2)], speed: 1 }),
    set({ weights: edits(60) }),
  ]);
});
