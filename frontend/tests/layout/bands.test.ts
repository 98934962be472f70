import { expect, test } from "vitest";

import { cards } from "../../src/layout/cards";
import { layout } from "../../src/layout/layout";
import { silhouette } from "../../src/layout/silhouette";
import { spotAt } from "../../src/sight/place";
import type { PlannedLayer } from "../../src/wire/plan";
import { layer, planOf } from "./plans";

const CANVAS = { width: 800, height: 628 };
const CLASSES = [..."0123456789"];

function reads(written: PlannedLayer, inputs: string[], extras = {}): PlannedLayer {
  return { ...written, inputs, extras };
}

const LSTM = planOf([1, 8, 8], CLASSES, [
  layer("reshape", "rows", "input", [8, 8]),
  layer("lstm", "lstm", "rows", [24], { units: 24, layers: 1, bidirectional: false }),
  layer("linear", "linear", "lstm", [10]),
]);

const ENCODER = planOf([1, 8, 8], CLASSES, [
  layer("reshape", "rows", "input", [8, 8]),
  layer("linear", "embed", "rows", [8, 16]),
  layer("positional_encoding", "places", "embed", [8, 16]),
  reads(layer("attention", "attention", "places", [8, 16], { heads: 4 }), ["places"], {
    weights: [4, 8, 8],
  }),
  layer("dropout", "dropout", "attention", [8, 16]),
  reads(layer("add", "add", "dropout", [8, 16]), ["dropout", "places"]),
  layer("layer_norm", "norm", "add", [8, 16]),
  layer("feed_forward", "feed", "norm", [8, 16]),
  layer("dropout", "dropout_2", "feed", [8, 16]),
  reads(layer("add", "add_2", "dropout_2", [8, 16]), ["dropout_2", "norm"]),
  layer("layer_norm", "norm_2", "add_2", [8, 16]),
  layer("flatten", "flatten", "norm_2", [128]),
  layer("linear", "linear", "flatten", [10]),
]);

test("the rows of a picture are read where it stands, an LSTM has a band for each gate and state", () => {
  const [input, lstm, answer] = cards(LSTM);
  expect([input?.level, lstm?.level, answer?.level]).toEqual(["picture", "bands", "bars"]);
  expect(lstm?.bands.map(({ part }) => part)).toEqual(["i", "f", "o", "g", "c", "h"]);
  expect(lstm?.bands[0]).toMatchObject({ rows: 24, columns: 8 });
  expect(lstm?.from).toEqual(["input"]);
});

test("time runs from left to right in every band, and what is pointed at is a unit at a step", () => {
  const placed = layout(LSTM, CANVAS);
  const card = placed.cards.find(({ name }) => name === "lstm")!;
  const cells = card.tiles.map((tile) => tile.width / 8);
  expect(new Set(cells)).toEqual(new Set([28]));
  expect(card.box.y).toBeGreaterThanOrEqual(0);
  expect(card.box.y + card.box.height).toBeLessThanOrEqual(CANVAS.height);
  const memory = card.tiles[4]!;
  const each = memory.height / 24;
  const at = { x: memory.x + 2.5 * 28, y: memory.y + 5.5 * each };
  expect(spotAt(placed, at)).toEqual({ card: "lstm", index: 4, pixel: 5 * 8 + 2 });
});

test("a stack that reads both ways has a block for each cell, side by side", () => {
  const both = { units: 4, layers: 2, bidirectional: true };
  const plan = planOf([1, 8, 8], CLASSES, [
    layer("reshape", "rows", "input", [8, 8]),
    layer("gru", "gru", "rows", [8, 8], both),
    layer("flatten", "flatten", "gru", [64]),
    layer("linear", "linear", "flatten", [10]),
  ]);
  const card = layout(plan, CANVAS).cards.find(({ name }) => name === "gru")!;
  expect(card.tiles).toHaveLength(4 * 4);
  const lefts = card.tiles.map(({ x }) => x);
  expect(lefts[4]!).toBeGreaterThan(lefts[0]! + 7 * 6);
  expect(lefts[0]).toBe(lefts[3]);
});

test("an encoder over rows fits 752, its heads square and under each other", () => {
  const { cards: placed } = layout(ENCODER, CANVAS);
  expect(placed.map(({ name }) => name)).toEqual(
    "input embed places attention add feed add_2 linear".split(" "),
  );
  const last = placed.at(-1)!.box;
  expect(last.x + last.width).toBeLessThanOrEqual(CANVAS.width - 24);
  const heads = placed.find(({ name }) => name === "attention")!.tiles.slice(1);
  expect(heads).toHaveLength(4);
  for (const head of heads) expect(head.width).toBe(head.height);
  expect(heads[0]!.x).toBe(heads[3]!.x);
  expect(heads[2]!.x).toBe(heads[0]!.x);
});

test("in the phone's band every matrix still fits", () => {
  for (const plan of [LSTM, ENCODER]) {
    for (const { box, tiles } of layout(plan, { width: 390, height: 132 }).cards) {
      expect(box.y).toBeGreaterThanOrEqual(0);
      for (const tile of tiles) expect(tile.y + tile.height).toBeLessThanOrEqual(132);
    }
  }
});

test("channels of a convolution over a sequence are its rows", () => {
  const plan = planOf([1, 8, 8], CLASSES, [
    layer("reshape", "rows", "input", [8, 8]),
    layer("conv1d", "conv", "rows", [5, 6]),
    layer("global_max_pool", "pool", "conv", [5]),
    layer("linear", "linear", "pool", [10]),
  ]);
  const conv = cards(plan).find(({ name }) => name === "conv");
  expect(conv?.bands).toMatchObject([{ part: "y", rows: 5, columns: 6 }]);
});

test("tables and memories have a row for each word and each slot", () => {
  const plan = planOf([4], CLASSES, [
    layer("embedding", "table", "input", [4, 3], { words: 9, units: 3 }),
    reads(layer("entity_memory", "memory", "table", [3], { slots: 6 }), ["table", "table"], {
      gates: [4, 6],
      weights: [6],
    }),
    layer("linear", "linear", "memory", [10]),
  ]);
  const [, table, memory] = cards(plan);
  expect(table?.bands.map(({ rows, columns }) => [rows, columns])).toEqual([
    [9, 3],
    [9, 1],
  ]);
  expect(memory?.bands.map(({ part, rows, columns }) => [part, rows, columns])).toEqual([
    ["gates", 6, 4],
    ["weights", 6, 1],
  ]);
});

test("small pictures of presets tell gates and attention from dots and sheets", () => {
  const layers = [{ type: "reshape", shape: [8, 8] }, { type: "lstm", units: 4 }, "linear"];
  expect(silhouette({ network: { layers } })).toMatchObject([{ kind: "bands" }, { kind: "dots" }]);
  const attending = [{ type: "transformer_encoder", layers: 1 }, "linear"];
  expect(silhouette({ network: { layers: attending } })[0]).toMatchObject({ kind: "beams" });
});

test("several networks stand one behind the other in the small picture", () => {
  const layers = (units: number) => ({ layers: [{ type: "linear", units }] });
  const columns = silhouette({ networks: { g: layers(5), d: layers(1) } });
  expect(columns.map(({ count }) => count)).toEqual([5, 1]);
});
