import { expect, test } from "vitest";

import { answering, laneOf, lanesOf, networkOf, readerOf } from "../../src/lanes/lanes";
import { cards } from "../../src/layout/cards";
import { layout } from "../../src/layout/layout";
import { pictureKey } from "../../src/painting/pictures";
import { wantedProbes } from "../../src/painting/probes";
import { SPIRAL } from "../layout/plans";
import { GAN } from "./plans";

const SIZE = { width: 800, height: 628 };
const LOOKING = {
  mode: "values" as const,
  sample: { part: "validation" as const, index: 0 },
  own: null,
  choice: { order: "index" as const, cell: null },
  struck: null,
  visible: true,
};

test("one network is its own answer, of several it is the one that is given the data", () => {
  expect(answering(SPIRAL)).toBe(SPIRAL);
  expect(readerOf(GAN)).toBe("d");
  expect(answering(GAN).output).toBe("d/linear_2");
  expect(answering(GAN).layers.map(({ name }) => name)).toEqual(["d/linear_1", "d/linear_2"]);
});

test("a lane has the losses on what its network gives", () => {
  expect(laneOf(GAN, "d")?.plan.train.losses?.map(({ input }) => input)).toEqual([
    "d/linear_2",
    "d/linear_2",
    "d/linear_2",
  ]);
  expect(laneOf(GAN, "g")?.plan.train.losses).toEqual([]);
  expect(laneOf(GAN, "e")).toBeNull();
});

test("lanes stand one above the other, each card in its own", () => {
  const placed = layout(GAN, SIZE);
  expect(placed.lanes.map(({ name, top }) => [name, top])).toEqual([
    ["g", 0],
    ["d", 314],
  ]);
  for (const { box, network, tiles } of placed.cards) {
    const lane = placed.lanes.find(({ name }) => name === network);
    const [top, bottom] = [lane?.top ?? 0, (lane?.top ?? 0) + (lane?.height ?? 0)];
    for (const { y, height } of [box, ...tiles]) {
      expect(y).toBeGreaterThanOrEqual(top);
      expect(y + height).toBeLessThanOrEqual(bottom);
    }
  }
});

test("lanes too low for their cards stand side by side", () => {
  const placed = layout(GAN, { width: 390, height: 132 });
  const rightOf = (name: string) =>
    Math.max(...placed.cards.flatMap((c) => (c.network === name ? [c.box.x + c.box.width] : [])));
  const first = placed.cards.filter(({ network }) => network === "d").map(({ box }) => box.x);
  expect(Math.min(...first)).toBeGreaterThan(rightOf("g"));
  expect(placed.lanes.map(({ top }) => top)).toEqual([0, 0]);
  expect(placed.width).toBeGreaterThan(rightOf("d"));
});

test("names in lower lanes have room of their own", () => {
  const placed = layout(GAN, { width: 358, height: 506 });
  for (const { box, tiles, network } of placed.cards) {
    const lane = placed.lanes.find(({ name }) => name === network);
    expect(Math.min(...tiles.map(({ y }) => y)) - box.y).toBeGreaterThanOrEqual(40);
    expect(box.y).toBeGreaterThanOrEqual((lane?.top ?? 0) + 24);
  }
});

test("no line leads from one lane to another", () => {
  for (const { from, to } of layout(GAN, SIZE).joints) expect(from.network).toBe(to.network);
});

test("more units than tiles in a column stand as a grid of fields", () => {
  const levels = new Map(cards(GAN).map(({ name, level }) => [name, level]));
  expect(levels.get("d/linear_1")).toBe("fields");
  expect(layout(GAN, SIZE).cards.find(({ name }) => name === "d/linear_1")?.tiles).toHaveLength(32);
});

test("a plan of one network is laid out as ever", () => {
  expect(layout(SPIRAL, SIZE).lanes).toEqual([]);
  expect(lanesOf(SPIRAL)).toEqual([]);
  expect(networkOf(SPIRAL, "linear_1")).toBeNull();
});

test("each network is asked for by its name, and each picture has a place of its own", () => {
  const probes = wantedProbes(GAN, LOOKING);
  const keys = probes.map(pictureKey);
  expect(keys).toEqual(["field", "unit_fields g", "unit_fields d", "generated", "weights"]);
  expect(new Set(keys).size).toBe(keys.length);
});
