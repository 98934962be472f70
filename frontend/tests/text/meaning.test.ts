import { expect, test } from "vitest";

import { kindOf, meaningOf } from "../../src/text/meaning";
import { keysOf } from "../../src/text/pointer";
import { Reading } from "../../src/text/reading";
import { LANGUAGE } from "./language";

const SPEC = `
data: {name: spiral, options: {noise: 0.1}}
network:
  layers:
    - {type: linear, units: 8, activation: relu}
    - flatten
train:
  epochs: 3
  optimizer: {type: adam, eps: 1e-8}
`;
const { document } = new Reading(SPEC);

function meaning(pointer: string, value?: string): [head: string, text: string] | null {
  const found = meaningOf(LANGUAGE, document, keysOf(pointer), value);
  return found && [found.head, found.text];
}

test("a field is told with what it takes, what holds without it, and what it is for", () => {
  expect(meaning("/train/epochs")).toEqual(["epochs: integer ≥ 1 = 10", "Passes over the data."]);
  expect(meaning("/network/layers/0/units")).toEqual(["units: integer ≥ 1", "Outputs."]);
  expect(meaning("/network")).toEqual(["network: {…}", "A chain of layers."]);
  expect(meaning("/data/options/noise")?.[0]).toBe("noise: number ≤ 0.5");
});

test("a layer is told by its formula wherever its name stands", () => {
  const linear = ["y = linear(x)", "What linear means."];
  expect(meaning("/network/layers/0/type", "linear")).toEqual(linear);
  expect(meaning("/network/layers/1", "flatten")?.[0]).toBe("y = flatten(x)");
  expect(meaning("/network/layers/0/activation", "relu")?.[0]).toBe("y = relu(x)");
});

test("a choice between forms is told by the written one", () => {
  expect(meaning("/train/optimizer")?.[1]).toBe("With two means.");
  expect(meaning("/train/optimizer/type", "adam")).toEqual(["adam", "With two means."]);
});

test("a data set is told by its name, and what nobody knows not at all", () => {
  expect(meaning("/data/name", "spiral")).toEqual(["spiral", "Arms."]);
  expect(meaning("/nonsense")).toBeNull();
});

test("bounds are told in signs, and those that nobody meets are not", () => {
  const kind = (schema: object): string => kindOf(schema, LANGUAGE);
  expect(kind({ type: "number", exclusiveMinimum: 0, maximum: 1 })).toBe("number > 0, ≤ 1");
  expect(kind({ type: "integer", minimum: 0, maximum: 2 ** 53 })).toBe("integer ≥ 0");
  expect(kind({ anyOf: [{ enum: ["a"] }, { type: "null" }] })).toBe("a");
});
