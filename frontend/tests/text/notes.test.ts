import { expect, test } from "vitest";

import { cardOf, layerAt, notesOf } from "../../src/text/notes";
import { Reading } from "../../src/text/reading";
import type { Plan, PlannedLayer } from "../../src/wire/plan";

const SPEC = `network:
  layers:
    - {type: linear, units: 8}  # first
    - type: repeat
      times: 2
      body: [linear]
    - relu
`;
const READING = new Reading(SPEC);

function layer(name: string, source: string, units: number, parameters: number): PlannedLayer {
  const inputs = name === "relu" ? ["last"] : [];
  return { name, source, output: [units], parameters, inputs } as unknown as PlannedLayer;
}

const PLAN = {
  layers: [
    layer("first", "/network/layers/0", 8, 24),
    layer("body 1", "/network/layers/1/body/0", 8, 72),
    layer("last", "/network/layers/1/body/0", 8, 72),
    layer("relu", "/network/layers/2", 8, 0),
    layer("nowhere", "/network/layers/9", 8, 1),
  ],
} as unknown as Plan;

test("each written layer is told at the end of its line, a repeated one with all that it adds", () => {
  const told = notesOf(PLAN, READING).map(({ at, shape, parameters }) => {
    const line = SPEC.slice(SPEC.lastIndexOf("\n", at - 1) + 1, at).trim();
    return [line, shape, parameters];
  });
  expect(told).toEqual([
    ["- {type: linear, units: 8}  # first", "8", "24"],
    ["body: [linear]", "8", "144"],
    ["- relu", "8", ""],
  ]);
});

test("a place in the text is the innermost layer around it", () => {
  const at = (word: string): string | null => layerAt(PLAN, READING, SPEC.indexOf(word));
  expect(at("units")).toBe("first");
  expect(at("linear]")).toBe("body 1");
  expect(at("times")).toBeNull();
});

test("a layer that is fused onto another is shown on that one's card", () => {
  expect(cardOf(PLAN, "relu", new Set(["last"]))).toBe("last");
  expect(cardOf(PLAN, "relu", new Set(["elsewhere"]))).toBeNull();
});
