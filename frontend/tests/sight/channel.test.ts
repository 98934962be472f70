import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { forward } from "../../src/layers/forward";
import { sumsOf } from "../../src/layers/sums";
import { cards } from "../../src/layout/cards";
import type { Mode } from "../../src/painting/probes";
import { channelOf } from "../../src/sight/channel";
import { kernelsOn } from "../../src/sight/kernels";
import { decodeFrame, type Picture } from "../../src/wire/frame";
import type { Plan } from "../../src/wire/plan";

const kept = new URL("../layers/pictures.json", import.meta.url);
const [net] = JSON.parse(readFileSync(kept, "utf8"));
const plan = { layers: net.layers, data: { input: net.input, classes: [] } } as unknown as Plan;
const weights = decodeFrame(Uint8Array.from(Buffer.from(net.weights, "base64")).buffer);
const values = forward(plan, weights, net.outputs[0].input)!;
const conv = cards(plan).find(({ type }) => type === "conv2d")!;
const tensor = weights.arrays.find(({ name }) => name === `${conv.name}.weight`)!;

function looked(mode: Mode, spot: { card: string; index: number; pixel?: number }) {
  const card = cards(plan).find(({ name }) => name === spot.card)!;
  const place = { unit: spot.index, pixel: spot.pixel ?? 0 };
  const sums = sumsOf(plan, card, place, weights, values);
  const kernels: Picture = { ...weights, arrays: [{ ...tensor, name: "kernels" }] };
  const known = new Map([
    ["weights", weights],
    [`kernels ${conv.name} ${mode}`, kernels],
  ]);
  const chosen = new Map([[conv.name, 0]]);
  return { plan, all: cards(plan), spot, mode, values, sums, pictures: known, chosen };
}

test("a map that is pointed at is shown with its own numbers, its pixel and its kernels", () => {
  const channel = channelOf(looked("values", { card: conv.name, index: 1, pixel: 5 }))!;
  const [, rows = 0, columns = 0] = conv.shape;
  const each = rows * columns;
  expect([channel.map?.rows, channel.map?.columns, channel.pixel]).toEqual([rows, columns, 5]);
  expect(channel.map?.cells).toEqual(values.get(conv.shows)?.subarray(each, 2 * each));
  const size = tensor.values.length / tensor.shape[0]!;
  const own = tensor.values.subarray(size, 2 * size);
  expect(channel.kernels.flatMap(({ cells }) => [...(cells as number[])])).toEqual([...own]);
});

test("in the view of weights the kernels alone are shown, with the chosen input marked", () => {
  const channel = channelOf(looked("weights", { card: conv.name, index: 0 }))!;
  expect(channel.map).toBeNull();
  expect(channel.kernels.map(({ from }) => from)).toEqual(
    Array.from({ length: tensor.shape[1]! }, (_, at) => at),
  );
  expect(channel.on).toBe(0);
});

test("the sample itself is ink on paper and was made by no kernels", () => {
  const channel = channelOf(looked("values", { card: "input", index: 0 }))!;
  expect([channel.isInput, channel.kernels]).toEqual([true, []]);
});

test("kernels on one input are one picture a filter, the last where there are fewer", () => {
  const all = {
    name: "k",
    shape: [2, 3, 1, 2],
    values: Float32Array.from({ length: 12 }, (_, at) => at),
  };
  const second = kernelsOn(all, 1);
  expect([second.shape, [...second.values]]).toEqual([
    [2, 1, 2],
    [2, 3, 8, 9],
  ]);
  expect([...kernelsOn(all, 9).values]).toEqual([4, 5, 10, 11]);
});
