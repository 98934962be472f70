import { sectionOf } from "../catalogue/catalogue";
import { asEntry } from "../draft/names";
import { valueUnder } from "../draft/pointer";
import { type Field, fieldsOf } from "../forms/fields";
import { variantOf } from "../forms/variants";
import type { Catalogue } from "../wire/catalogue";
import type { Document, Json, Plan, PlannedLayer } from "../wire/plan";

/** A field of the document that members may have otherwise. */
export interface Variable {
  path: string;
  /** The field's own name, and the layer that it belongs to; null for the training. */
  name: string;
  layer: string | null;
  /** What may be chosen; null for a number. */
  options: readonly string[] | null;
  integer: boolean;
  least: number;
  most: number;
  now: Json;
}

const NOT_TRAINING = ["epochs", "seed", "tier", "precision", "order", "on_nan"];
const NOT_LAYER = ["init", "trainable", "bias", "weight_decay"];
// They follow no loss, so nothing else of the training fits them.
const OWN_RULES = ["perceptron", "kmeans"];

/** Every number and every choice of a document, as far as the catalogue knows it. */
export function variablesOf(
  document: Document,
  plan: Plan,
  catalogue: Catalogue | null,
): Variable[] {
  if (!catalogue) return [];
  return [
    ...training(document, plan, catalogue),
    ...layers(document, plan, catalogue),
    ...options(document, plan),
  ];
}

function training(document: Document, plan: Plan, catalogue: Catalogue): Variable[] {
  const written = asObject(document["train"]);
  const planned = plan.train as unknown as Document;
  const fields = fieldsOf(catalogue.train);
  const optimizer = fields.find(({ name }) => name === "optimizer");
  const rest = fields.filter(({ name }) => name !== "optimizer" && !NOT_TRAINING.includes(name));
  return [
    ...(optimizer && planned["optimizer"] ? ofOptimizer(optimizer, plan) : []),
    ...rest.flatMap((field) =>
      variable(field, `/train/${field.name}`, null, written[field.name] ?? planned[field.name]),
    ),
  ];
}

function ofOptimizer({ control, default: otherwise }: Field, plan: Plan): Variable[] {
  if (control.kind !== "variant") return [];
  const now = variantOf(plan.train.optimizer ?? otherwise);
  const own = control.options.find(({ type }) => type === now["type"])?.fields ?? [];
  const numbers = own.flatMap((field) =>
    variable(field, `/train/optimizer/${field.name}`, null, now[field.name]),
  );
  const types: Variable = {
    ...choice("/train/optimizer/type", "optimizer", null, now["type"] ?? null),
    options: control.options.map(({ type }) => type).filter((type) => !OWN_RULES.includes(type)),
  };
  return [...numbers.filter(({ options }) => !options), types];
}

function layers(document: Document, plan: Plan, catalogue: Catalogue): Variable[] {
  const seen = new Set<string>();
  return plan.layers.flatMap((layer) => {
    if (seen.has(layer.source)) return [];
    seen.add(layer.source);
    return ofLayer(document, layer, catalogue);
  });
}

/** What a composite stands for is no entry of the document, and is not varied here. */
function ofLayer(document: Document, layer: PlannedLayer, catalogue: Catalogue): Variable[] {
  const found = valueUnder(document, layer.source);
  if (found === undefined) return [];
  const written = asEntry(found);
  if (written["type"] !== layer.type) return [];
  const fields = fieldsOf({ fields: sectionOf(catalogue, layer.type)?.fields ?? {} });
  return fields
    .filter(({ name }) => !NOT_LAYER.includes(name))
    .filter(({ name }) => name !== "units" || "units" in written)
    .flatMap((field) => {
      const now = written[field.name] ?? layer.fields[field.name];
      return variable(field, `${layer.source}/${field.name}`, layer.name, now);
    });
}

/** Options of the data set that are numbers, such as its noise. */
function options(document: Document, { data }: Plan): Variable[] {
  return Object.entries(data?.options ?? {}).flatMap(([name, now]) => {
    if (typeof now !== "number" || typeof document["data"] !== "object") return [];
    const path = `/data/options/${name}`;
    const whole = Number.isInteger(now) && now > 1;
    return [{ ...choice(path, name, null, now), options: null, integer: whole, least: 0 }];
  });
}

function variable(
  { name, control, default: otherwise }: Field,
  path: string,
  layer: string | null,
  value: Json | undefined,
): Variable[] {
  const now = value ?? otherwise;
  const plain = choice(path, name, layer, now);
  if (control.kind === "choice") return [{ ...plain, options: control.options }];
  if (control.kind === "variant") {
    const [type, own] = [variantOf(now)["type"] ?? null, control.options.map(({ type }) => type)];
    return now === null ? [] : [{ ...plain, options: own, now: type }];
  }
  if (control.kind !== "number" && control.kind !== "words") return [];
  const { integer, least, most } = control;
  if (typeof now !== "number") return [];
  const bounds = { least: least ?? -Infinity, most: most ?? Infinity };
  return [{ ...plain, options: null, integer, ...bounds }];
}

function choice(path: string, name: string, layer: string | null, now: Json): Variable {
  const bounds = { integer: false, least: -Infinity, most: Infinity };
  return { path, name, layer, options: [], ...bounds, now };
}

function asObject(value: Json | undefined): Document {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? value : {};
}
