import { expect, test } from "vitest";

import {
  hiddenCards,
  isRemovable,
  sizeOf,
  withDeeper,
  withInit,
  withoutCard,
  withShallower,
  withSize,
  withTerm,
} from "../../src/draft/network";
import { namesIn } from "../../src/draft/names";
import { valueUnder } from "../../src/draft/pointer";
import { layersOf } from "../../src/draft/structure";
import { cards } from "../../src/layout/cards";
import type { Document, Plan } from "../../src/wire/plan";
import { digits, drafted, spiral } from "./plans";

const card = (plan: Plan, name: string) => cards(plan).find((each) => each.name === name)!;
const namesOf = (document: Document): string[] => namesIn(layersOf(document));

test("a unit more and a unit less change one number and nothing else", () => {
  const { document, plan } = spiral;
  const more = withSize(document, card(plan, "linear_1"), 1);
  expect(valueUnder(more, "/network/layers/1/units")).toBe(9);
  expect(withSize(more, card(plan, "linear_1"), -1)).toEqual(document);
  expect(layersOf(more)[2]).toBe(layersOf(document)[2]);
});

test("a size counts from what is written, though the plan is older", () => {
  const { document, plan } = spiral;
  const hidden = card(plan, "linear_1");
  const more = withSize(withSize(document, hidden, 1), hidden, 1);
  expect(sizeOf(more, hidden)).toBe(10);
});

test("no layer has fewer than one unit, and the answer's size is the data's", () => {
  const { document, plan } = spiral;
  expect(withSize(document, card(plan, "linear_1"), -8)).toBe(document);
  expect(sizeOf(document, card(plan, "linear_3"))).toBeNull();
});

test("one hidden layer more is like the last one and stands before the answer", () => {
  const { document, plan } = spiral;
  const deeper = withDeeper(document, plan);
  expect(namesOf(deeper)).toEqual(["features_1", "linear_1", "linear_2", "linear_4", "linear_3"]);
  const added = { type: "linear", name: "linear_4", units: 8, activation: "tanh" };
  expect(valueUnder(deeper, "/network/layers/3")).toEqual(added);
});

test("one hidden layer less takes the last one, down to none", () => {
  const { document, plan } = spiral;
  expect(hiddenCards(plan).map(({ name }) => name)).toEqual(["linear_1", "linear_2"]);
  const shallower = withShallower(document, plan);
  expect(namesOf(shallower)).toEqual(["features_1", "linear_1", "linear_3"]);
  const none = drafted([2], ["linear"], [[1]]);
  expect(withShallower(none.document, none.plan)).toBe(none.document);
});

test("a card goes with its activation but leaves flatten behind", () => {
  const { document, plan } = digits;
  expect(namesOf(withoutCard(document, plan, card(plan, "conv2d_1")))).toEqual([
    "max_pool2d_1",
    "flatten_1",
    "linear_1",
  ]);
  expect(namesOf(withoutCard(document, plan, card(plan, "max_pool2d_1")))).toContain("flatten_1");
});

test("the answer may go only when it is all there is", () => {
  expect(isRemovable(cards(spiral.plan), "linear_3")).toBe(false);
  expect(isRemovable(cards(spiral.plan), "linear_2")).toBe(true);
  expect(isRemovable(cards(digits.plan), "input")).toBe(false);
  expect(isRemovable(cards(drafted([2], ["linear"], [[1]]).plan), "linear_1")).toBe(true);
});

test("terms are switched off and on in their own order, the last one stays", () => {
  const { document, plan } = spiral;
  const without = withTerm(document, plan, "x2");
  const on = ["x", "y", "y2", "xy", "sin_x", "sin_y"];
  expect(valueUnder(without, "/network/layers/0/terms")).toEqual(on);
  expect(withTerm(without, plan, "x2")).toEqual(document);
  const one = drafted([2], [{ type: "features", terms: ["x"] }, "linear"], [[1], [1]]);
  expect(withTerm(one.document, one.plan, "x")).toBe(one.document);
});

test("a net without features gets some when a term is switched on", () => {
  const { document, plan } = drafted([2], ["linear"], [[1]]);
  const first = { type: "features", name: "features_1", terms: ["x", "y", "xy"] };
  expect(layersOf(withTerm(document, plan, "xy"))[0]).toEqual(first);
});

test("a start for the whole net is written at every layer that has one", () => {
  const { document, plan } = drafted(
    [2],
    [{ type: "linear", units: 2, init: "torch" }, "relu", { type: "linear", init: "torch" }],
    [[2], [2], [1]],
  );
  const started = withInit(document, plan, "he");
  expect(layersOf(started).map((layer) => valueUnder({ layer }, "/layer/init"))).toEqual([
    "he",
    undefined,
    "he",
  ]);
});

const rows = drafted(
  [1, 8, 8],
  [{ type: "reshape", shape: [8, 8] }, { type: "lstm", units: 4 }, "linear"],
  [[8, 8], [4], [10]],
);

test("where a row was made of steps that are gone, a flatten makes it", () => {
  const { document, plan } = rows;
  const left = ["reshape_1", "flatten_1", "linear_1"];
  expect(namesOf(withoutCard(document, plan, card(plan, "lstm_1")))).toEqual(left);
  expect(namesOf(withShallower(document, plan))).toEqual(left);
});

test("the input stays, whatever reshapes it", () => {
  expect(card(rows.plan, "input").parts).toHaveLength(1);
  expect(isRemovable(cards(rows.plan), "input")).toBe(false);
});

test("what a composite stands for is neither started nor counted as the composite", () => {
  const { plan } = drafted([4], [{ type: "linear", units: 4, init: "he" }, "linear"], [[4], [1]]);
  const encoder = { type: "transformer_encoder", name: "linear_1", units: 4 };
  const document = { network: { layers: [encoder, "linear"] } };
  expect(withInit(document, plan, "zeros")).toBe(document);
  expect(withSize(document, card(plan, "linear_1"), 1)).toBe(document);
});
