import type { Json, Plan, PlannedLayer } from "../../src/wire/plan";

/** A layer of a chain, reading the one before it. */
export function layer(
  type: string,
  name: string,
  input: string,
  output: number[],
  fields: Record<string, Json> = {},
): PlannedLayer {
  const counts = { parameters: 0, multiply_adds: 0 };
  return { name, type, inputs: [input], output, source: "", fields, ...counts };
}

export function planOf(input: number[], classes: string[], layers: PlannedLayer[]): Plan {
  const data = { name: "d", options: {}, split: {}, task: "classification" as const };
  return {
    layers,
    totals: { parameters: 0, multiply_adds: 0 },
    hash: "",
    advice: [],
    data: { ...data, input, target: [], classes, sizes: {} },
    train: { epochs: 1, batch_size: 1, optimizer: {}, l1: 0, l2: 0, seed: 0 },
  };
}

const SEVEN = ["x", "y", "x2", "y2", "xy", "sin_x", "sin_y"];

export const SPIRAL: Plan = planOf(
  [2],
  ["0", "1"],
  [
    layer("features", "features_1", "input", [7], { terms: SEVEN }),
    layer("linear", "linear_1", "features_1", [8], { activation: "tanh" }),
    layer("linear", "linear_2", "linear_1", [8], { activation: "tanh" }),
    layer("linear", "linear_3", "linear_2", [1]),
  ],
);

export const DIGITS: Plan = planOf(
  [1, 8, 8],
  [..."0123456789"],
  [
    layer("conv2d", "conv2d_1", "input", [16, 8, 8], { kernel: [3, 3], activation: "relu" }),
    layer("max_pool2d", "max_pool2d_1", "conv2d_1", [16, 4, 4], { size: [2, 2] }),
    layer("conv2d", "conv2d_2", "max_pool2d_1", [32, 4, 4], { kernel: [3, 3] }),
    layer("relu", "relu_1", "conv2d_2", [32, 4, 4]),
    layer("max_pool2d", "max_pool2d_2", "relu_1", [32, 2, 2], { size: [2, 2] }),
    layer("flatten", "flatten_1", "max_pool2d_2", [128]),
    layer("linear", "linear_1", "flatten_1", [10]),
  ],
);
