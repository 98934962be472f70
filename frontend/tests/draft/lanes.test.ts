import { expect, test } from "vitest";

import { withStep } from "../../src/draft/move";
import { isRemovable, withoutCard } from "../../src/draft/network";
import { gapFor, openings } from "../../src/draft/offers";
import { withLayer } from "../../src/draft/structure";
import { cards } from "../../src/layout/cards";
import type { LayerKind } from "../../src/wire/catalogue";
import type { Document, Json, Plan } from "../../src/wire/plan";
import { layer, planOf } from "../layout/plans";

const HIDDEN = { type: "linear", units: 8 };

function lane(network: string, sizes: number[], input: string): Plan["layers"] {
  return sizes.map((units, at) => ({
    ...layer("linear", `${network}/linear_${at + 1}`, at ? `${network}/linear_${at}` : input, [
      units,
    ]),
    source: `/networks/${network}/layers/${at}`,
    fields: { units },
  }));
}

const layers = [...lane("g", [8, 6, 2], "g/input"), ...lane("d", [8, 1], "d/input")];
const PLAN: Plan = {
  ...planOf([2], [], layers),
  inputs: { "g/input": [4], "d/input": [2] },
  networks: {
    g: network("g", 3),
    d: network("d", 2),
  },
};
const DOCUMENT: Document = {
  networks: {
    g: { input: [4], layers: [HIDDEN, { type: "linear", units: 6 }, { type: "linear", units: 2 }] },
    d: { layers: [HIDDEN, "linear"] },
  },
};

function network(name: string, count: number) {
  const own = Array.from({ length: count }, (_, at) => `${name}/linear_${at + 1}`);
  const totals = { parameters: 0, multiply_adds: 0 };
  return { inputs: [`${name}/input`], layers: own, output: own.at(-1) ?? "", totals };
}

const all = cards(PLAN);
const card = (name: string) => all.find((each) => each.name === name)!;

/** The names of the layers of a network, as the document has them now. */
function names(document: Document, name: string): Json[] {
  const networks = document["networks"] as Record<string, { layers: { name: string }[] }>;
  return networks[name]?.layers.map((each) => each.name) ?? [];
}

test("a layer goes into one of several networks, and the other stays as it was", () => {
  const [open] = openings(DOCUMENT, PLAN, card("g/input"), card("g/linear_1"));
  expect(open).toEqual({
    gap: { beside: "/networks/g/layers/0", side: "before", reads: "input" },
    shape: [4],
  });
  const edited = withLayer(DOCUMENT, open!.gap, "dropout");
  expect(names(edited, "g")).toEqual(["dropout_1", "linear_1", "linear_2", "linear_3"]);
  expect(names(edited, "d")).toEqual(["linear_1", "linear_2"]);
});

test("a layer of one network is taken out, but for the one that it ends in", () => {
  expect(isRemovable(all, "g/linear_2")).toBe(true);
  expect(isRemovable(all, "g/linear_3")).toBe(false);
  expect(isRemovable(all, "d/linear_2")).toBe(false);
  expect(names(withoutCard(DOCUMENT, PLAN, card("g/linear_2")), "g")).toEqual([
    "linear_1",
    "linear_3",
  ]);
});

test("a layer passes its neighbour within its own network and is dropped into no other", () => {
  expect(names(withStep(DOCUMENT, PLAN, "g/linear_2", -1), "g")).toEqual([
    "linear_2",
    "linear_1",
    "linear_3",
  ]);
  expect(withStep(DOCUMENT, PLAN, "g/linear_3", -1)).toBe(DOCUMENT);
  const kind = { type: "linear", family: "linear", ranks: [1], required: [], fields: {} };
  const linear = { ...kind, inputs: { fewest: 1, most: 1 } } as unknown as LayerKind;
  const joint = (from: string, to: string) => ({ from: card(from), to: card(to) });
  const into = (from: string, to: string) =>
    gapFor(linear, DOCUMENT, PLAN, card("g/linear_2"), joint(from, to));
  expect(into("d/linear_1", "d/linear_2")).toBeNull();
  expect(into("g/input", "g/linear_1")?.beside).toBe("/networks/g/layers/0");
});
