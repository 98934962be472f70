import { expect, test } from "vitest";

import { differences } from "../../src/runs/difference";

test("two documents differ in the fields that were changed, and in no other", () => {
  const first = { spec: "nn/1", train: { epochs: 5, optimizer: { type: "sgd" } }, seed: 1 };
  const second = { spec: "nn/1", train: { epochs: 9, optimizer: { type: "sgd" } }, name: "x" };
  expect(differences(first, second)).toEqual([
    { path: "/train/epochs", first: 5, second: 9 },
    { path: "/seed", first: 1, second: undefined },
    { path: "/name", first: undefined, second: "x" },
  ]);
});

test("lists are compared place by place, and a list with a value as a whole", () => {
  expect(
    differences({ layers: ["a", { units: 8 }] }, { layers: ["a", { units: 4 }, "b"] }),
  ).toEqual([
    { path: "/layers/1/units", first: 8, second: 4 },
    { path: "/layers/2", first: undefined, second: "b" },
  ]);
  expect(differences({ a: [1] }, { a: { 0: 1 } })).toHaveLength(1);
  expect(differences({ a: null }, { a: null })).toEqual([]);
});
