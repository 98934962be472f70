import { expect, test } from "vitest";

import { namesIn, withNames } from "../../src/draft/names";
import { valueUnder } from "../../src/draft/pointer";
import {
  layersOf,
  placeOf,
  withField,
  withLayer,
  withMoved,
  withoutLayer,
} from "../../src/draft/structure";
import type { Document, Json } from "../../src/wire/plan";

const chain: Document = {
  spec: "nn/1",
  name: "a net",
  data: { name: "digits" },
  network: {
    layers: [
      { type: "conv2d", filters: 16 },
      "relu",
      "max_pool2d",
      { type: "conv2d", filters: 32, name: "second" },
      "flatten",
      "linear",
    ],
  },
  train: { epochs: 3 },
};
const at = (index: number): string => `/network/layers/${index}`;
const before = (index: number, reads: string) =>
  ({ beside: at(index), side: "before", reads }) as const;
const namesOf = (document: Document): string[] => namesIn(layersOf(document));

test("names are the type and its ordinal, and stay when they are written", () => {
  const names = ["conv2d_1", "relu_1", "max_pool2d_1", "second", "flatten_1", "linear_1"];
  expect(namesOf(chain)).toEqual(names);
  expect(namesOf(withNames(chain))).toEqual(names);
  expect(withNames(withNames(chain))).toEqual(withNames(chain));
});

test("a layer that is put in changes no other layer's name", () => {
  const longer = withLayer(chain, before(3, "max_pool2d_1"), { type: "conv2d", filters: 8 });
  expect(namesOf(longer)).toEqual([
    ...namesOf(chain).slice(0, 3),
    "conv2d_2",
    ...namesOf(chain).slice(3),
  ]);
  expect(valueUnder(longer, at(3))).toEqual({ type: "conv2d", name: "conv2d_2", filters: 8 });
  expect(longer["train"]).toBe(chain["train"]);
  expect(longer["data"]).toBe(chain["data"]);
});

test("a layer taken out after it was put in leaves the named document", () => {
  const longer = withLayer(chain, before(1, "conv2d_1"), "batch_norm");
  expect(withoutLayer(longer, at(1))).toEqual(withNames(chain));
});

const branching: Document = {
  spec: "nn/1",
  network: {
    layers: [
      { type: "linear", name: "a", units: 4 },
      { type: "linear", name: "b", units: 4 },
      { type: "linear", name: "c", units: 4, from: "a" },
      { type: "add", name: "sum", from: ["b", "c"] },
      { type: "linear", name: "out" },
    ],
  },
  train: { losses: [{ type: "mse", input: "b" }] },
};

test("a layer on one branch is read by that branch alone", () => {
  const longer = withLayer(branching, before(3, "c"), "relu");
  expect(valueUnder(longer, at(3))).toEqual({ type: "relu", name: "relu_1", from: "c" });
  expect(valueUnder(longer, `${at(4)}/from`)).toEqual(["b", "relu_1"]);
});

test("what read a layer that is gone reads what it read, losses too", () => {
  const shorter = withoutLayer(branching, at(1));
  expect(valueUnder(shorter, `${at(2)}/from`)).toEqual(["a", "c"]);
  expect(valueUnder(shorter, "/train/losses/0/input")).toBe("a");
  const other = withoutLayer(branching, at(2));
  expect(valueUnder(other, `${at(2)}/from`)).toEqual(["b", "a"]);
});

test("a layer before which another was read by name says what it now reads", () => {
  const document: Document = {
    network: {
      layers: [{ type: "tanh", name: "a" }, "relu", { type: "elu", from: "a" }, "linear"],
    },
  };
  const shorter = withoutLayer(document, at(2));
  expect(valueUnder(shorter, `${at(2)}/from`)).toBe("a");
});

test("a layer moves with its name and fields, to the left and to the right", () => {
  const right = withMoved(chain, at(1), before(4, "second"));
  const moved = ["conv2d_1", "max_pool2d_1", "second", "relu_1", "flatten_1", "linear_1"];
  expect(namesOf(right)).toEqual(moved);
  expect(namesOf(withMoved(right, at(3), before(1, "conv2d_1")))).toEqual(namesOf(chain));
  expect(withMoved(chain, at(1), before(1, "conv2d_1"))).toBe(chain);
});

const bodies: Document = {
  network: {
    layers: [
      { type: "linear", name: "first", units: 4 },
      { type: "residual", name: "short", body: [{ type: "linear", name: "only", units: 4 }] },
      {
        type: "residual",
        name: "long",
        body: [{ type: "linear", name: "only", units: 4 }, "relu"],
      },
      { type: "linear", name: "last", from: "short" },
    ],
  },
};

test("what fills a body stays in it, and takes the composite with it when it goes", () => {
  const only = `${at(1)}/body/0`;
  expect(withMoved(bodies, only, before(0, "input"))).toBe(bodies);
  const without = withoutLayer(bodies, only);
  expect(namesOf(without)).toEqual(["first", "long", "last"]);
  expect(valueUnder(without, `${at(2)}/from`)).toBe("first");
});

test("a layer that moves where its name is taken gets another", () => {
  const moved = withMoved(bodies, `${at(2)}/body/0`, {
    ...before(1, "only"),
    beside: `${at(1)}/body/0`,
  });
  const names = namesIn(valueUnder(moved, `${at(1)}/body`) as Json[]);
  expect(names).toEqual(["linear_1", "only"]);
  expect(namesIn(valueUnder(moved, `${at(2)}/body`) as Json[])).toEqual(["relu_1"]);
});

test("a field goes into a bare word and out of it again", () => {
  const softer = withField(chain, at(2), "size", 3);
  expect(valueUnder(softer, at(2))).toEqual({ type: "max_pool2d", size: 3 });
  expect(withField(softer, at(2), "size", undefined)).toEqual(chain);
});

test("inside a body only the body changes, and names are local", () => {
  const document: Document = {
    network: {
      layers: ["flatten", { type: "residual", body: [{ type: "linear", units: 64 }] }, "linear"],
    },
  };
  const end = { beside: `${at(1)}/body/0`, side: "after", reads: "linear_1" } as const;
  const longer = withLayer(document, end, "relu");
  expect(valueUnder(longer, `${at(1)}/body`)).toEqual([
    { type: "linear", name: "linear_1", units: 64 },
    { type: "relu", name: "relu_1" },
  ]);
  expect(namesOf(longer)).toEqual(["flatten_1", "residual_1", "linear_1"]);
});

test("a layer is found by its name once its place has moved", () => {
  const longer = withLayer(chain, before(1, "conv2d_1"), "batch_norm");
  expect(placeOf(longer, { name: "second", source: at(3) })).toBe(at(4));
  expect(placeOf(longer, { name: "conv2d_1", source: at(0) })).toBe(at(0));
  expect(placeOf(withoutLayer(chain, at(3)), { name: "second", source: at(3) })).toBeNull();
  expect(placeOf(chain, { name: "repeat_1/0/second", source: at(3) })).toBe(at(3));
});
