import type { Catalogue } from "../../src/wire/catalogue";
import type { Document, Plan } from "../../src/wire/plan";

export const DOCUMENT: Document = {
  data: "spiral",
  network: { layers: [{ type: "linear", units: 8, activation: "tanh" }, "linear"] },
  train: { optimizer: "adam" },
};

const NUMBER = { type: "number", minimum: 0, maximum: 10, default: 0 } as const;

export const CATALOGUE: Catalogue = {
  layers: [
    {
      type: "linear",
      family: "linear",
      meaning: "",
      formula: "",
      inputs: { fewest: 1, most: 1 },
      ranks: [],
      fields: {
        units: { anyOf: [{ type: "integer", minimum: 1, maximum: 100 }, { type: "null" }] },
        activation: { type: "string", enum: ["identity", "tanh", "relu"], default: "identity" },
        bias: { type: "boolean", default: true },
      },
      required: [],
    },
  ],
  train: {
    fields: {
      epochs: { type: "integer", minimum: 1, default: 10 },
      batch_size: { type: "integer", minimum: 1, maximum: 1000, default: 32 },
      optimizer: {
        oneOf: [
          {
            type: "object",
            properties: { type: { const: "sgd" }, learning_rate: NUMBER, momentum: NUMBER },
          },
          { type: "object", properties: { type: { const: "adam" }, learning_rate: NUMBER } },
        ],
      },
      l2: NUMBER,
    },
    required: [],
  },
};

export const PLAN = {
  layers: [
    {
      name: "linear_1",
      type: "linear",
      source: "/network/layers/0",
      fields: { units: 8, activation: "tanh", bias: true },
    },
    {
      name: "linear_2",
      type: "linear",
      source: "/network/layers/1",
      fields: { units: 1, activation: "identity", bias: true },
    },
  ],
  data: { task: "classification", sizes: { train: 100, validation: 50 }, options: { noise: 0.1 } },
  train: {
    epochs: 10,
    batch_size: 32,
    optimizer: { type: "adam", learning_rate: 0.01 },
    l1: 0,
    l2: 0,
    seed: 0,
  },
} as unknown as Plan;
