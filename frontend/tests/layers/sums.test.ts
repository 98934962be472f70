import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { forward } from "../../src/layers/forward";
import { strongest } from "../../src/layers/conv/sum";
import { sumsOf } from "../../src/layers/sums";
import { decodeFrame } from "../../src/wire/frame";
import type { Plan } from "../../src/wire/plan";

interface Net {
  name: string;
  input: number[];
  layers: Plan["layers"];
  weights: string;
  outputs: Record<string, number[]>[];
}

// Nets that the engine's own test has just made, else those that are kept.
const path = process.env["GRADUS_NETS"] ?? new URL("pictures.json", import.meta.url);
const nets = JSON.parse(readFileSync(path, "utf8")) as Net[];
// What these do happens in training only.
const SILENT = ["dropout", "dropout2d", "gaussian_noise"];

function opened(net: Net) {
  const plan = { layers: net.layers, data: { input: net.input } } as Plan;
  const weights = decodeFrame(Uint8Array.from(Buffer.from(net.weights, "base64")).buffer);
  const values = forward(plan, weights, net.outputs[0]?.["input"] ?? []);
  if (!values) throw new Error(`${net.name} cannot be computed`);
  return { plan, weights, values };
}

test.each(nets)("the last step of a sum is the number that stands there: $name", (net) => {
  const { plan, weights, values } = opened(net);
  for (const layer of plan.layers) {
    if (SILENT.includes(layer.type)) continue;
    const numbers = values.get(layer.name) ?? new Float32Array();
    const each = numbers.length / (layer.output[0] ?? 1);
    for (const at of [0, 1, Math.floor(numbers.length / 2), numbers.length - 1]) {
      const place = { unit: Math.floor(at / each), pixel: at % each };
      const card = { name: layer.name, shows: layer.name };
      const sums = sumsOf(plan, card, place, weights, values);
      expect(sums.at(-1)?.total, `${layer.name} at ${at}`).toBeCloseTo(numbers[at] ?? NaN, 3);
    }
  }
});

const kept = test.skipIf("GRADUS_NETS" in process.env);

kept("layers that stand on one card are told in order", () => {
  const net = nets.find(({ name }) => name === "normalization");
  if (!net) throw new Error("no net with normalization");
  const { plan, weights, values } = opened(net);
  const card = { name: "conv2d_1", shows: "batch_norm_1" };
  const sums = sumsOf(plan, card, { unit: 1, pixel: 9 }, weights, values);
  expect(sums.map(({ kind }) => kind)).toEqual(["patch", "norm", "function"]);
});

kept("a patch at the border lies on padding in part, and adds up to its total", () => {
  const net = nets.find(({ name }) => name === "strides");
  if (!net) throw new Error("no net with strides");
  const { plan, weights, values } = opened(net);
  const last = (plan.layers[0]?.output[1] ?? 1) * (plan.layers[0]?.output[2] ?? 1) - 1;
  const card = { name: "conv2d_1", shows: "conv2d_1" };
  const [sum] = sumsOf(plan, card, { unit: 0, pixel: last }, weights, values);
  if (sum?.kind !== "patch") throw new Error("no patch");
  expect(sum.size).toEqual([3, 2]);
  expect(sum.parts[0]?.patch.filter((cell) => cell === null).length).toBeGreaterThan(0);
  const products = sum.parts.reduce((total, part) => total + part.total, 0);
  expect(sum.total).toBeCloseTo(products + sum.bias, 6);
  expect(strongest(sum)).toBe(sum.parts[0]);
});
