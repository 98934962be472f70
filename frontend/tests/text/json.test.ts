import { expect, test } from "vitest";

import { writeJson } from "../../src/text/json";
import { Reading } from "../../src/text/reading";
import { syntaxOf } from "../../src/text/syntax";
import { writeYaml } from "../../src/text/yaml";
import type { Document } from "../../src/wire/plan";

const document: Document = {
  spec: "nn/1",
  data: { name: "digits" },
  network: {
    layers: [
      { type: "conv2d", filters: 16, activation: "relu" },
      "flatten",
      { type: "features", terms: ["x", "y", "x2", "y2", "xy", "sin_x", "sin_y"] },
    ],
  },
  note: { empty: {}, list: [], odd: ["no: t", "true", "1e-3", "a b", " c", "#d", "", "é\n"] },
  train: { epochs: 20, optimizer: { type: "adam", learning_rate: 0.00001 }, seed: null },
};

test.each([writeJson, writeYaml])("a written document reads back as itself", (write) => {
  const reading = new Reading(write(document));
  expect(reading.problems).toEqual([]);
  expect(reading.document).toEqual(document);
});

test("JSON keeps short layers on one line", () => {
  expect(writeJson(document)).toContain('{"type": "conv2d", "filters": 16, "activation": "relu"}');
});

test("YAML is written as the language's own examples are", () => {
  expect(writeYaml(document)).toBe(`\
spec: nn/1
data: {name: digits}
network:
  layers:
    - {type: conv2d, filters: 16, activation: relu}
    - flatten
    - type: features
      terms: [x, y, x2, y2, xy, sin_x, sin_y]
note:
  empty: {}
  list: []
  odd:
    - "no: t"
    - "true"
    - "1e-3"
    - a b
    - " c"
    - "#d"
    - ""
    - "é\\n"
train:
  epochs: 20
  optimizer: {type: adam, learning_rate: 0.00001}
  seed: null
`);
});

test.each([
  ["{}", "json"],
  ['{\n "a": 1}', "json"],
  ["{a: 1}", "yaml"],
  ["a: 1", "yaml"],
  ["", "yaml"],
])("%j is %s", (text, syntax) => expect(syntaxOf(text)).toBe(syntax));
