import { expect, test } from "vitest";

import { changedLayers, choices } from "../../src/pair/changes";
import type { Document, Plan } from "../../src/wire/plan";
import { SPIRAL } from "../layout/plans";

const dense = (activation: string): Document => ({ type: "linear", units: 4, activation });
const document: Document = {
  spec: "nn/1",
  network: { layers: [dense("tanh"), dense("tanh"), "linear"] },
  train: { optimizer: { type: "adam", learning_rate: 0.01 } },
};
const plan = {
  ...SPIRAL,
  train: { ...SPIRAL.train, seed: 0, optimizer: { type: "adam", learning_rate: 0.01 } },
} as Plan;

function chosen(id: string): Document {
  const found = choices(document, plan).find((choice) => choice.id === id);
  if (!found) throw new Error(`there is no ${id}`);
  return found.document;
}

function layersOf(changed: Document): unknown[] {
  return (changed["network"] as { layers: unknown[] }).layers;
}

test("each choice differs from A, and from every other", () => {
  const documents = choices(document, plan).map((choice) => JSON.stringify(choice.document));
  expect(documents).not.toContain(JSON.stringify(document));
  expect(new Set(documents).size).toBe(documents.length);
});

test("another activation is that of all hidden layers, and not of the output", () => {
  expect(layersOf(chosen("activation relu"))).toEqual([dense("relu"), dense("relu"), "linear"]);
});

test("one layer more is like the last hidden one, but for its name", () => {
  expect(layersOf(chosen("depth"))).toHaveLength(4);
  expect(layersOf(chosen("dropout"))).toHaveLength(5);
});

test("a rate is ten times as much or a tenth, the optimizer staying as it is", () => {
  expect(chosen("rate up")["train"]).toEqual({
    optimizer: { type: "adam", learning_rate: 0.1 },
  });
});

test("what cannot apply is not offered", () => {
  const bare: Document = { ...document, network: { layers: ["linear"] } };
  const ids = choices(bare, plan).map(({ id }) => id);
  const orders = ["order sorted", "order stratified"];
  expect(ids).toEqual(["optimizer sgd", "rate up", "rate down", "schedule", ...orders, "seed"]);
  const falling = { ...bare, train: { schedule: { type: "cosine" } } };
  const regression = { ...plan, data: { ...plan.data, task: "regression" } } as Plan;
  const left = choices(falling, regression).map(({ id }) => id);
  expect(left).toEqual(["optimizer sgd", "rate up", "rate down", "seed"]);
});

test("changed are the layers that the other network has not so", () => {
  const other = { ...plan, layers: plan.layers.slice(0, -1) };
  expect(changedLayers(plan, other).size).toBe(0);
  expect(changedLayers(other, plan)).toEqual(new Set([plan.layers.at(-1)?.name]));
});
