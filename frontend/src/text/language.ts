import type { DatasetEntry, LayerKind, Schema } from "../wire/catalogue";
import type { Json } from "../wire/plan";

/** References may point at each other; nothing in the language nests its choices deeper. */
const DEEPEST_CHOICE = 8;

/** What may stand where: the schema of the language, with what the catalogue knows of names. */
export class Language {
  private readonly datasets: ReadonlyMap<string, DatasetEntry>;
  private readonly layers: ReadonlyMap<string, LayerKind>;
  private readonly ranks: ReadonlyMap<string, number>;

  constructor(
    private readonly schema: Schema,
    layers: readonly LayerKind[],
    datasets: readonly DatasetEntry[],
  ) {
    this.layers = new Map(layers.map((layer) => [layer.type, layer]));
    this.ranks = new Map(layers.map(({ type }, at) => [type, at]));
    this.datasets = new Map(datasets.map((dataset) => [dataset.name, dataset]));
  }

  /** The forms that a value may take at a place, as far as what is written decides. */
  at(document: Json, keys: readonly string[]): Schema[] {
    if (keys.join("/") === "data/options") return [this.optionsOf(document)];
    let forms = fitting(this.choices(this.schema), document);
    let here: Json | undefined = document;
    for (const [index, key] of keys.entries()) {
      const inner = forms.flatMap((form) => this.choices(inside(form, key)));
      const options = keys.slice(0, index + 1).join("/") === "data/options";
      here = child(here, key);
      forms = fitting(options ? [this.optionsOf(document)] : inner, here);
    }
    return this.named(keys, forms);
  }

  /** The schema of one field as it is written down, before its choices are told apart. */
  field(document: Json, keys: readonly string[]): Schema | undefined {
    const key = keys.at(-1);
    if (key === undefined) return undefined;
    const forms = this.at(document, keys.slice(0, -1));
    return forms.map((form) => inside(form, key)).find((schema) => schema !== undefined);
  }

  layer(type: string): LayerKind | undefined {
    return this.layers.get(type);
  }

  dataset(name: string): DatasetEntry | undefined {
    return this.datasets.get(name);
  }

  /** What a layer or a data set of a name is, in a sentence; empty where there is none. */
  about(name: string): string {
    return (this.layers.get(name) ?? this.datasets.get(name))?.meaning ?? "";
  }

  /** Where a name stands in the list of layers; other names keep the order that they have. */
  rank(name: string): number {
    return this.ranks.get(name) ?? -1;
  }

  /** A schema's alternatives, references followed; "nothing" is no alternative to be shown. */
  choices(schema: Schema | undefined, depth = 0): Schema[] {
    if (!schema || depth > DEEPEST_CHOICE) return [];
    if (schema.$ref !== undefined) {
      const target = this.schema.$defs?.[schema.$ref.split("/").at(-1) ?? ""];
      return this.choices(target, depth + 1);
    }
    const inner = schema.anyOf ?? schema.oneOf;
    if (inner) return inner.flatMap((choice) => this.choices(choice, depth + 1));
    return schema.type === "null" ? [] : [schema];
  }

  private optionsOf(document: Json): Schema {
    const data = child(document, "data");
    const name = typeof data === "string" ? data : child(data, "name");
    const properties = this.datasets.get(String(name))?.options ?? {};
    return { type: "object", properties };
  }

  /** Names of data sets are known to the service, not to the schema. */
  private named(keys: readonly string[], forms: Schema[]): Schema[] {
    const path = keys.join("/");
    if (path !== "data" && path !== "data/name") return forms;
    const names: Schema = { type: "string", enum: [...this.datasets.keys()] };
    return [names, ...forms.filter((form) => form.type !== "string")];
  }
}

/** Among several objects those whose `type` is the written one, once it is written. */
function fitting(forms: Schema[], value: Json | undefined): Schema[] {
  const type = child(value, "type");
  if (typeof type !== "string") return forms;
  const same = forms.filter((form) => form.properties?.["type"]?.const === type);
  return same.length ? same : forms;
}

function inside(form: Schema, key: string): Schema | undefined {
  const field = form.properties?.[key];
  if (field) return field;
  if (/^\d+$/.test(key)) return form.prefixItems?.[Number(key)] ?? form.items;
  return typeof form.additionalProperties === "object" ? form.additionalProperties : undefined;
}

function child(value: Json | undefined, key: string): Json | undefined {
  if (Array.isArray(value)) return value[Number(key)];
  return typeof value === "object" && value !== null ? value[key] : undefined;
}
