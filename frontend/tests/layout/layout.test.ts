import { expect, test } from "vitest";

import { cards, cardTitle } from "../../src/layout/cards";
import { layout } from "../../src/layout/layout";
import { tileSide } from "../../src/layout/units";
import { DIGITS, layer, planOf, SPIRAL } from "./plans";

const CANVAS = { width: 800, height: 628 };

test("7-8-8-1 fills the canvas with tiles of 44 in columns 168 apart", () => {
  const { cards: placed, narrow } = layout(SPIRAL, CANVAS);
  expect(narrow).toBe(true);
  expect(placed.map((card) => card.tiles.length)).toEqual([7, 8, 8, 1]);
  expect(new Set(placed.flatMap((card) => card.tiles.map((tile) => tile.width)))).toEqual(
    new Set([44]),
  );
  const columns = placed.map((card) => card.tiles[0]!.x);
  expect(columns[1]! - columns[0]!).toBe(44 + 168);
});

test("the tile follows clamp(28, 568/n − 12, 44)", () => {
  expect([8, 10, 12, 16].map((units) => tileSide(units, 628))).toEqual([44, 44, 35, 28]);
});

test("the ways of a shortcut stand above each other within the canvas, each under its heading", () => {
  const plan = planOf(
    [2],
    ["0", "1"],
    [
      layer("linear", "body", "input", [8], { activation: "tanh" }),
      layer("linear", "way", "input", [8]),
      { ...layer("add", "add_1", "body", [8]), inputs: ["body", "way"] },
      layer("linear", "linear_1", "add_1", [1]),
    ],
  );
  const { cards: placed, height } = layout(plan, CANVAS);
  expect(height).toBe(CANVAS.height);
  const [body, way] = placed.filter(({ name }) => name === "body" || name === "way");
  expect(body!.box.x).toBe(way!.box.x);
  expect(body!.box.y).toBeGreaterThanOrEqual(0);
  expect(way!.box.y).toBeGreaterThanOrEqual(body!.box.y + body!.box.height);
  expect(way!.tiles[0]!.y - way!.box.y).toBeGreaterThanOrEqual(40);
});

test("every pair of neighbouring columns is one joint", () => {
  const { joints } = layout(SPIRAL, CANVAS);
  expect(joints.map(({ from, to }) => `${from.name} ${to.name}`)).toEqual([
    "features_1 linear_1",
    "linear_1 linear_2",
    "linear_2 linear_3",
  ]);
});

test("the digits net fits 752 with maps of 32 and 20, pooled ones half as large", () => {
  const { cards: placed } = layout(DIGITS, CANVAS);
  expect(placed.map((card) => card.level)).toEqual([
    "picture",
    "maps",
    "maps",
    "maps",
    "maps",
    "bars",
  ]);
  expect(placed.map((card) => card.tiles[0]!.width)).toEqual([64, 32, 16, 20, 10, 76]);
  const right = placed[5]!.box.x + placed[5]!.box.width;
  expect(right - placed[0]!.box.x).toBe(752);
});

test("activation and flatten are chips, and a card shows what comes after them", () => {
  const second = cards(DIGITS).find((card) => card.name === "conv2d_2")!;
  expect(second.chips).toEqual(["relu"]);
  expect(second.shows).toBe("relu_1");
  expect(cards(DIGITS).map((card) => card.type)).not.toContain("flatten");
});

test("titles say the kernel and the window", () => {
  expect(cards(DIGITS).map(cardTitle).slice(1, 3)).toEqual(["conv 3×3", "pool 2"]);
});

test("more than 256 dense units share cells", () => {
  const wide = planOf(
    [1, 28, 28],
    [],
    [
      layer("flatten", "flatten_1", "input", [784]),
      layer("linear", "linear_1", "flatten_1", [1_000]),
      layer("linear", "linear_2", "linear_1", [10]),
    ],
  );
  const hidden = layout(wide, CANVAS).cards.find((card) => card.name === "linear_1")!;
  expect(hidden.tiles).toHaveLength(256);
  expect(hidden.box.width).toBe(16 * 8 + 16);
});

test("a row that cannot fit widens the sheet, which then pans", () => {
  const deep = planOf(
    [1, 32, 32],
    [],
    Array.from({ length: 12 }, (_, index) =>
      layer("conv2d", `conv2d_${index + 1}`, index ? `conv2d_${index}` : "input", [64, 32, 32]),
    ),
  );
  expect(layout(deep, CANVAS).width).toBeGreaterThan(800);
});

test("boxes never overlap", () => {
  const { cards: placed } = layout(DIGITS, CANVAS);
  for (let index = 1; index < placed.length; index++) {
    const before = placed[index - 1]!.box;
    expect(placed[index]!.box.x).toBeGreaterThanOrEqual(before.x + before.width);
  }
});

test("in the phone's band the digits net needs no scrolling downwards", () => {
  expect(layout(DIGITS, { width: 390, height: 132 }).height).toBe(132);
});

test("in the phone's band all units fit its height", () => {
  const { cards: placed } = layout(SPIRAL, { width: 390, height: 132 });
  const bottoms = placed.flatMap((card) => card.tiles.map((tile) => tile.y + tile.height));
  expect(Math.max(...bottoms)).toBeLessThanOrEqual(132);
});
