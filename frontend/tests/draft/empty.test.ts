import { expect, test } from "vitest";

import { kindOf } from "../../src/catalogue/catalogue";
import {
  emptied,
  firstOffers,
  isEmpty,
  outlined,
  withAnswer,
  withFirst,
} from "../../src/draft/empty";
import { isRemovable, withoutCard } from "../../src/draft/network";
import { layersOf } from "../../src/draft/structure";
import { cards } from "../../src/layout/cards";
import { layout } from "../../src/layout/layout";
import { sampleProbes, wantedProbes } from "../../src/painting/probes";
import { INITIAL } from "../../src/page/state";
import type { Json } from "../../src/wire/plan";
import { CATALOGUE, digits, drafted, spiral } from "./plans";

const kind = (type: string) => kindOf(CATALOGUE, type)!;
const typesOf = (layers: Json[]): Json[] => layers.map((layer) => (layer as never)["type"]);
const fitting = (plan: typeof spiral.plan): string[] =>
  firstOffers(CATALOGUE, plan)
    .filter(({ fits }) => fits)
    .map(({ kind }) => kind.type);

test("an emptied document has the same data and no layer", () => {
  const empty = emptied(digits.document);
  expect(empty).toEqual({ spec: "nn/1", data: { name: "d" }, network: { layers: [] } });
  expect(isEmpty(empty)).toBe(true);
  expect(isEmpty(digits.document)).toBe(false);
  expect(isEmpty({})).toBe(false);
});

test("the first layer gets an answer after it, and what shapes need between", () => {
  const first = (net: typeof spiral, type: string): Json[] =>
    typesOf(layersOf(withFirst(emptied(net.document), outlined(net.plan), kind(type))));
  expect(first(spiral, "linear")).toEqual(["linear", "linear"]);
  expect(first(digits, "conv2d")).toEqual(["conv2d", "flatten", "linear"]);
  expect(first(digits, "linear")).toEqual(["flatten", "linear", "linear"]);
});

test("the answer alone is a net, too", () => {
  expect(layersOf(withAnswer(emptied(spiral.document), spiral.plan))).toEqual(["linear"]);
  expect(layersOf(withAnswer(emptied(digits.document), digits.plan))).toEqual([
    "flatten",
    "linear",
  ]);
});

test("what can read the data is offered first", () => {
  expect(fitting(outlined(spiral.plan))).toEqual([
    "linear",
    "batch_norm",
    "features",
    "unheard_of",
  ]);
  expect(fitting(outlined(digits.plan)).slice(0, 3)).toEqual([
    "conv2d",
    "max_pool2d",
    "batch_norm",
  ]);
  expect(fitting(outlined(spiral.plan))).not.toContain("conv2d");
});

test("nothing is asked or drawn of a net without layers but its data", () => {
  const plan = outlined(spiral.plan);
  expect(wantedProbes(plan, INITIAL)).toEqual([]);
  expect(sampleProbes(plan)).not.toEqual([]);
  expect(layout(plan, { width: 800, height: 600 }).cards).toHaveLength(1);
});

test("the last layer of all may go, and takes a change of shape with it", () => {
  const { document, plan } = drafted([1, 8, 8], ["flatten", "linear"], [[64], [10]]);
  const all = cards(plan);
  expect(isRemovable(all, "linear_1")).toBe(true);
  expect(isEmpty(withoutCard(document, plan, all.at(-1)!))).toBe(true);
  expect(isRemovable(cards(digits.plan), "linear_1")).toBe(false);
});
