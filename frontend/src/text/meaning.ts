import type { Schema } from "../wire/catalogue";
import type { Json } from "../wire/plan";
import { flowYaml } from "./yaml";
import type { Language } from "./language";

/** The limit of whole numbers says nothing that a reader would want to know. */
const HUGE = 1e6;

/** What a field takes, in signs that need no language: `integer ≥ 1`, `same | valid`. */
export function kindOf(schema: Schema, language: Language): string {
  const choices = language.choices(schema);
  return [...new Set(choices.map(kindOfForm))].join(" | ");
}

/** The value that holds where none is written; empty where one has to be. */
export function defaultOf(schema: Schema): string {
  return schema.default === undefined || schema.default === null ? "" : flowYaml(schema.default);
}

function kindOfForm(form: Schema): string {
  if (form.const !== undefined) return flowYaml(form.const);
  if (form.enum) return form.enum.map(flowYaml).join(" | ");
  if (form.type === "boolean") return "true | false";
  if (form.type === "object") return form.properties?.["type"] ? "{type: …}" : "{…}";
  if (form.type === "array") return listKind(form);
  return [form.type ?? "", bounds(form)].filter(Boolean).join(" ");
}

function listKind(form: Schema): string {
  if (form.prefixItems) return `[${form.prefixItems.map((entry) => entry.type).join(", ")}]`;
  return `[${form.items?.type ?? ""}…]`;
}

function bounds(form: Schema): string {
  const low = lowest(form);
  const high = highest(form);
  return [low, high].filter(Boolean).join(", ");
}

function lowest({ minimum, exclusiveMinimum }: Schema): string {
  if (exclusiveMinimum !== undefined) return `> ${exclusiveMinimum}`;
  return minimum === undefined || minimum <= -HUGE ? "" : `≥ ${minimum}`;
}

function highest({ maximum, exclusiveMaximum }: Schema): string {
  if (exclusiveMaximum !== undefined) return `< ${exclusiveMaximum}`;
  return maximum === undefined || maximum >= HUGE ? "" : `≤ ${maximum}`;
}

/** What stands under the pointer, said in a head and a sentence. */
export interface Meaning {
  head: string;
  text: string;
}

/** What a key or a value of a document means; null where the language does not say. */
export function meaningOf(
  language: Language,
  document: Json,
  keys: readonly string[],
  value: Json | undefined,
): Meaning | null {
  const last = keys.at(-1) ?? "";
  const layer = typeof value === "string" ? language.layer(value) : undefined;
  if (layer && (last === "type" || /^\d+$/.test(last) || last === "activation")) {
    return { head: layer.formula || layer.type, text: layer.meaning };
  }
  const dataset = typeof value === "string" ? language.dataset(value) : undefined;
  if (dataset && keys[0] === "data") return { head: dataset.name, text: dataset.meaning };
  const field = language.field(document, keys);
  if (!field) return null;
  const preset = defaultOf(field);
  const head = `${last}: ${kindOf(field, language)}${preset && ` = ${preset}`}`;
  const described = language.choices(field).find(({ description }) => description);
  return { head, text: field.description ?? described?.description ?? "" };
}
