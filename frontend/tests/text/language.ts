import { Language } from "../../src/text/language";
import type { LayerKind, Schema } from "../../src/wire/catalogue";

const whole: Schema = { type: "integer", minimum: 1 };
const common = { name: { type: "string", default: null }, from: { type: "string", default: null } };

function typed(type: string, fields: Record<string, Schema>, rest: Partial<Schema> = {}): Schema {
  return { type: "object", properties: { type: { const: type }, ...common, ...fields }, ...rest };
}

/** As the service builds it, with three layers, two optimizers and two data sets. */
const SCHEMA: Schema = {
  type: "object",
  properties: {
    spec: { const: "nn/1" },
    data: { anyOf: [{ type: "string" }, { $ref: "#/$defs/Data" }] },
    network: { $ref: "#/$defs/Network" },
    train: { $ref: "#/$defs/Train" },
  },
  required: ["spec", "network"],
  $defs: {
    Data: {
      type: "object",
      properties: { name: { type: "string" }, options: { type: "object" } },
      required: ["name"],
    },
    Network: {
      type: "object",
      description: "A chain of layers.",
      properties: { layers: { type: "array", items: { $ref: "#/$defs/entry" } } },
    },
    entry: {
      anyOf: [
        { enum: ["flatten", "linear"] },
        { oneOf: ["Linear", "Conv", "Flatten"].map((name) => ({ $ref: `#/$defs/${name}` })) },
      ],
    },
    Linear: typed("linear", {
      units: { ...whole, description: "Outputs." },
      activation: { enum: ["identity", "relu"], default: "identity" },
    }),
    Conv: typed(
      "conv2d",
      { filters: whole, padding: { anyOf: [{ enum: ["same", "valid"] }, whole] } },
      { required: ["filters"] },
    ),
    Flatten: typed("flatten", {}),
    Train: {
      type: "object",
      properties: {
        epochs: { ...whole, default: 10, description: "Passes over the data." },
        nesterov: { type: "boolean" },
        optimizer: {
          anyOf: [
            { enum: ["sgd", "adam"] },
            { oneOf: [{ $ref: "#/$defs/Sgd" }, { $ref: "#/$defs/Adam" }] },
          ],
        },
      },
    },
    Sgd: typed("sgd", { learning_rate: { type: "number" } }, { description: "Straight down." }),
    Adam: typed("adam", { eps: { type: "number" } }, { description: "With two means." }),
  },
};

function layer(type: string, fields: Record<string, Schema>): LayerKind {
  const said = { family: "", meaning: `What ${type} means.`, formula: `y = ${type}(x)` };
  return { type, ...said, fields, required: [], inputs: { fewest: 1, most: 1 }, ranks: [] };
}

export const LANGUAGE = new Language(
  SCHEMA,
  [
    layer("linear", { units: whole, activation: {} }),
    layer("conv2d", { filters: whole, padding: {} }),
    layer("flatten", {}),
    layer("relu", {}),
  ],
  [
    { name: "spiral", meaning: "Arms.", options: { noise: { type: "number", maximum: 0.5 } } },
    { name: "moons", meaning: "Two moons.", options: {} },
  ],
);
