import { expect, test } from "vitest";

import { layersWithin, Watch } from "../../src/insides/watch";
import type { PlacedCard } from "../../src/layout/layout";

/** A clock that is moved by hand. */
class Hands {
  private waiting: { at: number; call: () => void }[] = [];
  private now = 0;

  after(milliseconds: number, call: () => void): () => void {
    const entry = { at: this.now + milliseconds, call };
    this.waiting.push(entry);
    return () => void (this.waiting = this.waiting.filter((each) => each !== entry));
  }

  pass(milliseconds: number): void {
    this.now += milliseconds;
    const due = this.waiting.filter(({ at }) => at <= this.now);
    this.waiting = this.waiting.filter(({ at }) => at > this.now);
    for (const { call } of due) call();
  }
}

function card(name: string, x: number, type = "lstm"): PlacedCard {
  const bands = [{ part: "h", rows: 1, columns: 1, block: 0, square: false }];
  return { name, type, level: "bands", bands, box: { x, y: 0, width: 80, height: 90 } } as never;
}

test("a card that leaves the screen is asked about for half a second more", () => {
  const hands = new Hands();
  const told: string[][] = [];
  const watch = new Watch((layers) => told.push([...layers].sort()), hands);
  watch.look(["a", "b"]);
  watch.look(["b", "c"]);
  expect(told).toEqual([
    ["a", "b"],
    ["a", "b", "c"],
  ]);
  hands.pass(499);
  expect(told).toHaveLength(2);
  hands.pass(1);
  expect(told.at(-1)).toEqual(["b", "c"]);
});

test("one that comes back in time was never gone", () => {
  const hands = new Hands();
  const told: (readonly string[])[] = [];
  const watch = new Watch((layers) => told.push(layers), hands);
  watch.look(["a"]);
  watch.look([]);
  hands.pass(300);
  watch.look(["a"]);
  hands.pass(1_000);
  expect(told).toHaveLength(1);
});

test("only cards on the screen that have more to tell than their output are asked about", () => {
  const cards = [card("left", 0), card("right", 700), card("plain", 100, "linear")];
  expect(layersWithin({ cards }, { x: 50, y: 0, width: 600, height: 400 })).toEqual(["left"]);
});
