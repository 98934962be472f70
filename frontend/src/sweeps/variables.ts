import { sectionOf } from "../catalogue/catalogue";
import { asEntry } from "../draft/names";
import { valueUnder } from "../draft/pointer";
import { placeOf } from "../draft/structure";
import { type Bounds, type Field, fieldsOf, type Variant } from "../forms/fields";
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
  /** The options stand for yes and no. */
  boolean: boolean;
  integer: boolean;
  least: number;
  most: number;
  now: Json;
}

const NOT_TRAINING = ["tier"];
// Rarely what one wants to vary: offered behind the others.
const RARE = ["epochs", "seed", "precision", "order", "on_nan", "init", "trainable", "bias"];
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
    ...rareLast(training(document, plan, catalogue)),
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
  return [...numbers, types];
}

function layers(document: Document, plan: Plan, catalogue: Catalogue): Variable[] {
  const seen = new Set<string>();
  return plan.layers.flatMap((layer) => {
    const source = placeOf(document, layer);
    if (source === null || seen.has(source)) return [];
    seen.add(source);
    return ofLayer(document, layer, source, catalogue);
  });
}

/** Of what a composite stands for only the composite itself is an entry of the document. */
function ofLayer(
  document: Document,
  layer: PlannedLayer,
  source: string,
  catalogue: Catalogue,
): Variable[] {
  const written = asEntry(valueUnder(document, source));
  const type = String(written["type"]);
  const own = type === layer.type;
  const found = fieldsOf({ fields: sectionOf(catalogue, type)?.fields ?? {} })
    .filter(({ name }) => name !== "units" || "units" in written)
    .flatMap((field) => {
      const now = written[field.name] ?? (own ? layer.fields[field.name] : undefined);
      return variable(field, `${source}/${field.name}`, layer.name, now);
    });
  return rareLast(found);
}

function rareLast(variables: Variable[]): Variable[] {
  const rare = ({ path }: Variable) => path.split("/").some((key) => RARE.includes(key));
  return [...variables.filter((each) => !rare(each)), ...variables.filter(rare)];
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
  field: Field,
  path: string,
  layer: string | null,
  value: Json | undefined,
): Variable[] {
  const { name, control, default: otherwise } = field;
  const now = value ?? otherwise;
  const plain = choice(path, name, layer, now);
  switch (control.kind) {
    case "choice":
      return [{ ...plain, options: control.options }];
    case "switch":
      return [{ ...plain, options: ["true", "false"], boolean: true }];
    case "variant":
      return ofVariant(plain, control.options);
    case "section":
      return now === null ? [] : inner(control.fields, plain);
    case "words":
      if (typeof now === "string") return [{ ...plain, options: control.words }];
      return number(plain, control);
    case "number":
    case "pair":
      return number(plain, control);
    default:
      return [];
  }
}

/** Which of several it is, and the fields of the one that holds now. */
function ofVariant(plain: Variable, options: readonly Variant[]): Variable[] {
  const type = variantOf(plain.now)["type"] ?? null;
  const own = options.find((option) => option.type === type)?.fields ?? [];
  const types = { ...plain, options: options.map((option) => option.type), now: type };
  return [types, ...inner(own, plain)];
}

function inner(fields: readonly Field[], { path, layer, now }: Variable): Variable[] {
  const written = variantOf(now);
  return fields.flatMap((field) =>
    variable(field, `${path}/${field.name}`, layer, written[field.name]),
  );
}

/** A window is as wide as it is high here. */
function number(plain: Variable, { integer, least, most }: Bounds): Variable[] {
  const now = Array.isArray(plain.now) ? (plain.now[0] ?? null) : plain.now;
  if (now !== null && typeof now !== "number") return [];
  return [
    { ...plain, options: null, integer, now, least: least ?? -Infinity, most: most ?? Infinity },
  ];
}

function choice(path: string, name: string, layer: string | null, now: Json): Variable {
  const bounds = { integer: false, least: -Infinity, most: Infinity };
  return { path, name, layer, options: [], boolean: false, ...bounds, now };
}

function asObject(value: Json | undefined): Document {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? value : {};
}
