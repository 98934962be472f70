import { expect, test } from "vitest";

import { chosenOffers, gapFor, offersAt, starting, takes } from "../../src/draft/offers";
import { namesIn } from "../../src/draft/names";
import { layersOf, withLayer } from "../../src/draft/structure";
import { kindOf } from "../../src/catalogue/catalogue";
import { cards } from "../../src/layout/cards";
import type { Plan } from "../../src/wire/plan";
import { CATALOGUE, digits, drafted, spiral } from "./plans";

const joint = (plan: Plan, from: string, to: string) => {
  const all = cards(plan);
  return { from: all.find(({ name }) => name === from)!, to: all.find(({ name }) => name === to)! };
};
const words = (): string => "";

test("between dense layers a dense layer comes first, and no convolution", () => {
  const { document, plan } = spiral;
  const offers = offersAt(CATALOGUE, document, plan, joint(plan, "linear_1", "linear_2"));
  const fitting = chosenOffers(offers, "", words).map(({ kind }) => kind.type);
  expect(fitting).toEqual(["linear", "batch_norm", "unheard_of"]);
});

test("before flatten go maps, after it vectors, at one and the same joint", () => {
  const { document, plan } = digits;
  const offers = offersAt(CATALOGUE, document, plan, joint(plan, "max_pool2d_1", "linear_1"));
  const put = (type: string): string[] => {
    const offer = offers.find(({ kind }) => kind.type === type)!;
    return namesIn(layersOf(withLayer(document, offer.gap, type)));
  };
  expect(put("conv2d")).toEqual([
    ...["conv2d_1", "relu_1", "max_pool2d_1", "conv2d_2", "flatten_1", "linear_1"],
  ]);
  expect(put("linear").slice(3)).toEqual(["flatten_1", "linear_2", "linear_1"]);
});

test("typing finds every kind, also those that do not fit", () => {
  const { document, plan } = spiral;
  const offers = offersAt(CATALOGUE, document, plan, joint(plan, "linear_1", "linear_2"));
  const found = chosenOffers(offers, "Conv", words);
  expect(found.map(({ kind, fits }) => [kind.type, fits])).toEqual([["conv2d", false]]);
  expect(chosenOffers(offers, "加", (kind) => (kind.type === "add" ? "相加" : ""))).toHaveLength(1);
});

test("a kind to start with is like the nearest of its kind, else has what it needs", () => {
  const { document, plan } = spiral;
  const linear = kindOf(CATALOGUE, "linear")!;
  const like = { type: "linear", units: 8, activation: "tanh" };
  expect(starting(linear, document, plan, [8])).toEqual(like);
  const conv = kindOf(CATALOGUE, "conv2d")!;
  const first = { type: "conv2d", filters: 16, activation: "relu" };
  expect(starting(conv, document, plan, [8])).toEqual(first);
  expect(starting(kindOf(CATALOGUE, "max_pool2d")!, document, plan, [8])).toBe("max_pool2d");
  expect(starting(kindOf(CATALOGUE, "batch_norm")!, document, plan, [8])).toBe("batch_norm");
});

test("a card may be dragged to joints that take it, but not to its own", () => {
  const { document, plan } = drafted(
    [1, 8, 8],
    [
      { type: "conv2d", filters: 4 },
      "max_pool2d",
      "flatten",
      { type: "linear", units: 9 },
      "linear",
    ],
    [[4, 8, 8], [4, 4, 4], [64], [9], [10]],
  );
  const pool = cards(plan).find(({ name }) => name === "max_pool2d_1")!;
  const kind = kindOf(CATALOGUE, "max_pool2d");
  const gap = (from: string, to: string) =>
    gapFor(kind, document, plan, pool, joint(plan, from, to));
  expect(gap("input", "conv2d_1")).toMatchObject({ beside: "/network/layers/0" });
  expect(gap("conv2d_1", "max_pool2d_1")).toBeNull();
  expect(gap("linear_1", "linear_2")).toBeNull();
});

test("what says shapes starts as what leaves them alone, and words are read of no data", () => {
  const { document, plan } = digits;
  const start = (type: string) =>
    starting({ ...kindOf(CATALOGUE, "flatten")!, type }, document, plan, [4, 8, 8]);
  expect(start("reshape")).toEqual({ type: "reshape", shape: [-1, 8, 8] });
  expect(start("permute")).toEqual({ type: "permute", axes: [0, 1, 2] });
  expect(start("pad")).toEqual({
    type: "pad",
    sides: [
      [0, 0],
      [0, 0],
    ],
  });
  const words = { ...kindOf(CATALOGUE, "linear")!, type: "embedding", integers: true };
  expect(takes(words, [8], plan)).toBe(false);
});
