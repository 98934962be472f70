import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { fieldOf, unitFieldsOf } from "../../src/layers/fields";
import { decodeFrame, type Picture } from "../../src/wire/frame";
import type { Plan } from "../../src/wire/plan";
import { layer, planOf, SPIRAL } from "../layout/plans";

interface Recorded {
  name: string;
  plan: Plan;
  /** Frames of the engine in base64: half-precision weights, and what it answers with them. */
  weights: string;
  field: string;
  units: string;
}

const recorded = JSON.parse(
  readFileSync(new URL("fields.json", import.meta.url), "utf8"),
) as Recorded[];
const GRID = { resolution: 6, extent: 5 };

function frame(text: string): Picture {
  return decodeFrame(Uint8Array.from(Buffer.from(text, "base64")).buffer);
}

function expectSame(found: Picture | null, expected: Picture): void {
  expect(found?.arrays.map(({ name, shape }) => ({ name, shape }))).toEqual(
    expected.arrays.map(({ name, shape }) => ({ name, shape })),
  );
  expect([found?.kind, found?.step, found?.meta]).toEqual([
    expected.kind,
    expected.step,
    expected.meta,
  ]);
  for (const [at, { name, values }] of expected.arrays.entries()) {
    const apart = values.map((value, place) =>
      Math.abs(value - (found?.arrays[at]?.values[place] ?? NaN)),
    );
    expect(Math.max(...apart), name).toBeLessThan(1e-5);
  }
}

test.each(recorded)("the field of the answer is the engine's: $name", (net) => {
  expectSame(fieldOf(net.plan, frame(net.weights), GRID), frame(net.field));
});

test.each(recorded)("the field of every unit is the engine's: $name", (net) => {
  expectSame(unitFieldsOf(net.plan, frame(net.weights), GRID), frame(net.units));
});

test("a net with a layer that the page cannot compute is left to the service", () => {
  const pool = layer("max_pool2d", "pool", "input", [2]);
  const plan = planOf([2], ["0", "1"], [pool]);
  expect(fieldOf(plan, SPIRAL_WEIGHTS, GRID)).toBeNull();
  expect(unitFieldsOf(plan, undefined, GRID)).toBeNull();
});

const SPIRAL_WEIGHTS: Picture = {
  ...{ run: "", probe: "", kind: "weights", step: 0, epoch: 0, meta: {} },
  arrays: [
    { name: "linear_1.weight", shape: [8, 7], values: new Float32Array(56).fill(0.1) },
    { name: "linear_2.weight", shape: [8, 8], values: new Float32Array(64).fill(-0.1) },
    { name: "linear_3.weight", shape: [1, 8], values: new Float32Array(8).fill(0.3) },
  ],
};

test("all units are computed in one pass, whose cost is less than that of the large field", () => {
  const timed = (act: () => unknown): number => {
    const started = performance.now();
    act();
    return performance.now() - started;
  };
  // In turns, and the fastest of many: what else the machine does falls on both alike.
  const turns = Array.from({ length: 15 }, () => ({
    large: timed(() => fieldOf(SPIRAL, SPIRAL_WEIGHTS, { resolution: 64, extent: 6 })),
    units: timed(() => unitFieldsOf(SPIRAL, SPIRAL_WEIGHTS, { resolution: 24, extent: 6 })),
  }));
  const fastest = (of: "large" | "units"): number => Math.min(...turns.map((turn) => turn[of]));
  // A seventh of its places; a pass for each of the seventeen units would cost more than twice it.
  expect(fastest("units")).toBeLessThan(fastest("large"));
});
