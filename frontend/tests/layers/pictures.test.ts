import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { forward } from "../../src/layers/forward";
import { decodeFrame } from "../../src/wire/frame";
import type { Plan } from "../../src/wire/plan";

/** Nets that the engine built, with what it answers; its own test gives fresh ones by this name. */
const path = process.env["GRADUS_NETS"] ?? new URL("pictures.json", import.meta.url);

interface Net {
  name: string;
  input: number[];
  layers: Plan["layers"];
  /** The frame of its weights in base64. */
  weights: string;
  outputs: Record<string, number[]>[];
}

const nets = JSON.parse(readFileSync(path, "utf8")) as Net[];
// Half precision keeps 11 bits of each weight; the errors of many terms add up to a few of them.
const ABSOLUTE = 2e-3;
const RELATIVE = 4e-3;

test.each(nets)("the page computes what the engine answers: $name", (net) => {
  const plan = { layers: net.layers, data: { input: net.input } } as Plan;
  const weights = decodeFrame(Uint8Array.from(Buffer.from(net.weights, "base64")).buffer);
  for (const outputs of net.outputs) {
    const values = forward(plan, weights, outputs["input"] ?? []);
    for (const { name } of net.layers) {
      const expected = outputs[name] ?? [];
      const found = values?.get(name) ?? new Float32Array();
      expect(found.length, name).toBe(expected.length);
      const peak = Math.max(...expected.map(Math.abs));
      const apart = expected.map((value, at) => Math.abs(value - (found[at] ?? NaN)));
      expect(Math.max(...apart), name).toBeLessThan(ABSOLUTE + RELATIVE * peak);
    }
  }
});
