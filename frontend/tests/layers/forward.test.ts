import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { forward } from "../../src/layers/forward";
import { arrayOf, decodeFrame, type Picture } from "../../src/wire/frame";
import type { Plan } from "../../src/wire/plan";

interface Recorded {
  name: string;
  layers: Plan["layers"];
  /** Frames of a trained net as the service sent them, in base64. */
  weights: string;
  units: string[];
}

const recorded = JSON.parse(
  readFileSync(new URL("recorded.json", import.meta.url), "utf8"),
) as Recorded[];
// The service sends weights in half precision, and each layer adds its rounding.
const PRECISION = 0.01;

function frame(text: string): Picture {
  return decodeFrame(Uint8Array.from(Buffer.from(text, "base64")).buffer);
}

test.each(recorded)("the page computes what the engine answers: $name", (net) => {
  const plan = { layers: net.layers } as Plan;
  const weights = frame(net.weights);
  for (const units of net.units.map(frame)) {
    const input = [...(arrayOf(units, "input")?.values ?? [])];
    const values = forward(plan, weights, input);
    for (const { name } of net.layers) {
      const expected = [...(arrayOf(units, name)?.values ?? [])];
      const found = values?.get(name) ?? [];
      expect(expected.length, name).toBeGreaterThan(0);
      expect(found, name).toHaveLength(expected.length);
      const apart = found.map((value, unit) => Math.abs(value - (expected[unit] ?? NaN)));
      expect(Math.max(...apart), `${name} of ${net.name}`).toBeLessThan(PRECISION);
    }
  }
});

test("a net with a layer that the page cannot compute is left to the service", () => {
  const [net] = recorded;
  if (!net) throw new Error("nothing was recorded");
  const memory = { ...net.layers[1], name: "memory", type: "lstm", inputs: ["input"] };
  const plan = { layers: [...net.layers, memory] } as Plan;
  expect(forward(plan, frame(net.weights), [0, 0])).toBeNull();
});
