import type { Catalogue, LayerKind } from "../../src/wire/catalogue";
import type { Document, Json, Plan, PlannedLayer } from "../../src/wire/plan";
import { planOf } from "../layout/plans";

type Entry = { [key: string]: Json };

/** A document of a chain with the plan that the service would give it. */
export function drafted(
  input: number[],
  written: Json[],
  outputs: number[][],
  classes = ["0", "1"],
): { document: Document; plan: Plan } {
  const ordinals = new Map<string, number>();
  const layers = written.map((each, index): PlannedLayer => {
    const entry = (typeof each === "string" ? { type: each } : each) as Entry;
    const { type, name, ...fields } = entry;
    const ordinal = (ordinals.get(String(type)) ?? 0) + 1;
    ordinals.set(String(type), ordinal);
    return {
      name: String(name ?? `${String(type)}_${ordinal}`),
      type: String(type),
      inputs: ["input"],
      output: outputs[index] ?? [],
      parameters: 0,
      multiply_adds: 0,
      source: `/network/layers/${index}`,
      fields,
    };
  });
  layers.forEach((layer, index) => {
    if (index > 0) layer.inputs = [layers[index - 1]!.name];
  });
  const document = { spec: "nn/1", data: { name: "d" }, network: { layers: written } };
  return { document, plan: planOf(input, classes, layers) };
}

/** The net of the first page: seven terms, two hidden layers, one answer. */
export const spiral = drafted(
  [2],
  [
    { type: "features", terms: ["x", "y", "x2", "y2", "xy", "sin_x", "sin_y"] },
    { type: "linear", units: 8, activation: "tanh" },
    { type: "linear", units: 8, activation: "tanh" },
    "linear",
  ],
  [[7], [8], [8], [1]],
);

export const digits = drafted(
  [1, 8, 8],
  [{ type: "conv2d", filters: 16 }, "relu", "max_pool2d", "flatten", "linear"],
  [[16, 8, 8], [16, 8, 8], [16, 4, 4], [256], [10]],
  [..."0123456789"],
);

const UNITS = { anyOf: [{ type: "integer", minimum: 1 }, { type: "null" }], default: null };
const ACTIVATION = { type: "string", enum: ["identity", "tanh", "relu"], default: "identity" };

function kind(type: string, ranks: number[], more: Partial<LayerKind> = {}): LayerKind {
  const inputs = { fewest: 1, most: 1 };
  return {
    type,
    family: type,
    meaning: "",
    formula: "",
    inputs,
    ranks,
    fields: {},
    required: [],
    ...more,
  };
}

export const CATALOGUE: Catalogue = {
  layers: [
    kind("linear", [1, 2], { fields: { units: UNITS, activation: ACTIVATION } }),
    kind("conv2d", [3], {
      fields: { filters: { type: "integer", minimum: 1 }, activation: ACTIVATION },
      required: ["filters"],
    }),
    kind("max_pool2d", [3]),
    kind("batch_norm", [], { family: "norm", fields: { activation: ACTIVATION } }),
    kind("flatten", []),
    kind("add", [], { inputs: { fewest: 2, most: 9 } }),
    kind("features", [1]),
    kind("unheard_of", []),
  ],
  train: { fields: {}, required: [] },
};
