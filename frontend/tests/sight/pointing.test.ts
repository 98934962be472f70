import { beforeEach, expect, test } from "vitest";

import type { Layout, PlacedCard } from "../../src/layout/layout";
import { Observable } from "../../src/observable";
import { INITIAL, type State } from "../../src/page/state";
import { PIXEL_MS, Pointing } from "../../src/sight/pointing";
import type { Sight } from "../../src/sight/sight";

/** One map of 4 × 4 pixels, each of them ten pixels of the sheet wide. */
function card(name: string, x: number, rest: Partial<PlacedCard>): PlacedCard {
  const box = { x, y: 0, width: 40, height: 40 };
  const tiles = [{ ...box, index: 0 }];
  return { name, shows: name, box, tiles, shape: [1, 4, 4], from: [], ...rest } as PlacedCard;
}

const input = card("input", 0, { level: "picture" });
const conv = card("conv2d_1", 100, { level: "maps", from: ["input"] });
const layout = { cards: [input, conv] } as unknown as Layout;
const sample = Float32Array.from({ length: 16 }, (_, at) => at);

let state: Observable<State>;
let ticks: (() => void)[];
let pointing: Pointing;

beforeEach(() => {
  const plan = { data: { input: [1, 4, 4] } } as State["plan"];
  state = new Observable<State>({ ...INITIAL, plan });
  ticks = [];
  const page = {
    state,
    show: (change: Partial<State>) => state.update((before) => ({ ...before, ...change })),
  };
  const ticker = {
    every: (milliseconds: number, call: () => void) => {
      expect(milliseconds).toBe(PIXEL_MS);
      ticks.push(call);
      return () => (ticks = []);
    },
  };
  pointing = new Pointing(page, { sample: () => sample } as unknown as Sight, ticker);
});

const at = (card: PlacedCard, row: number, column: number) => ({
  x: card.box.x + column * 10 + 5,
  y: row * 10 + 5,
});
const seen = () => [...(pointing.held.value.scan?.seen ?? [])];

test("the pointer is at a pixel of a map, and at none once it has left", () => {
  pointing.move(layout, at(conv, 2, 1));
  expect(state.value.spot).toEqual({ card: "conv2d_1", index: 0, pixel: 9 });
  pointing.leave();
  expect(state.value.spot).toBeNull();
});

test("a tile that shows a kernel has no pixels of the map", () => {
  state.update((before) => ({ ...before, mode: "weights" }));
  pointing.move(layout, at(conv, 2, 1));
  expect(state.value.spot).toEqual({ card: "conv2d_1", index: 0 });
});

test("press and draw leads the kernel over every pixel on the way", () => {
  pointing.press(layout, at(conv, 1, 0), false);
  pointing.move(layout, at(conv, 1, 3));
  pointing.release();
  expect(seen()).toEqual([4, 5, 6, 7]);
  expect(pointing.held.value.pinned).toBeNull();
});

test("a press in place pins the pixel, and a second one lets it go", () => {
  for (const pinned of [{ card: "conv2d_1", index: 0, pixel: 0 }, null]) {
    pointing.press(layout, at(conv, 0, 0), false);
    pointing.release();
    pointing.leave();
    expect(pointing.held.value.pinned).toEqual(pinned);
    expect(state.value.spot).toEqual(pinned);
  }
});

test("the kernel runs a pixel a tick and ends with the map", () => {
  pointing.run(conv, 0, false);
  for (let pixel = 0; pixel < 16; pixel++) ticks[0]?.();
  expect(seen()).toHaveLength(16);
  expect(ticks).toEqual([]);
});

test("a second press of the key halts the kernel where it is", () => {
  pointing.run(conv, 0, false);
  ticks[0]?.();
  pointing.run(conv, 0, false);
  expect(seen()).toEqual([0]);
  expect(ticks).toEqual([]);
});

test("where nothing may move the map is filled at once", () => {
  pointing.run(conv, 0, true);
  expect(seen()).toHaveLength(16);
  expect(ticks).toEqual([]);
});

test("dragging the sample moves it by whole pixels, and dragging it back brings it back", () => {
  pointing.press(layout, at(input, 1, 1), false);
  pointing.move(layout, at(input, 1, 2));
  expect(state.value.own?.right).toBe(1);
  expect([...(state.value.own?.values.slice(0, 4) ?? [])]).toEqual([0, 0, 1, 2]);
  pointing.move(layout, at(input, 1, 1));
  expect(state.value.own).toBeNull();
});

test("what was drawn on the pad stays where it was drawn", () => {
  const own = { from: "pad" as const, values: sample, right: 0, down: 0 };
  state.update((before) => ({ ...before, own }));
  pointing.step(input, 1, 0);
  expect(state.value.own).toBe(own);
});

test("arrows walk the pixels of a map and stop at its border", () => {
  pointing.choose({ card: "conv2d_1", index: 0, pixel: 3 });
  pointing.step(conv, 1, 0);
  expect(state.value.spot?.pixel).toBe(3);
  pointing.step(conv, 0, 1);
  expect(state.value.spot?.pixel).toBe(7);
  expect(pointing.held.value.byKeys).toBe(true);
});

test("a unit is struck out and brought back, the input never", () => {
  pointing.strike(conv, 0);
  expect(state.value.struck).toEqual({ card: "conv2d_1", layer: "conv2d_1", unit: 0 });
  pointing.strike(conv, 0);
  expect(state.value.struck).toBeNull();
  pointing.strike(input, 0);
  expect(state.value.struck).toBeNull();
});

test("letting go ends everything that is held", () => {
  pointing.press(layout, at(conv, 0, 0), false);
  pointing.release();
  pointing.run(conv, 0, false);
  pointing.let();
  expect(pointing.held.value).toMatchObject({ pinned: null, scan: null });
  expect([state.value.spot, state.value.own, ticks.length]).toEqual([null, null, 0]);
});
