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
  const field = language.field(document, keys);
  if (typeof value === "string") {
    const named = nameMeaning(language, document, keys, value);
    if (named) return named;
  }
  if (!field) return null;
  const preset = last === "type" ? "" : defaultOf(field);
  const head = `${last}: ${kindOf(field, language)}${preset && ` = ${preset}`}`;
  return { head, text: sentenceOf(field, language.at(document, keys)) };
}

/** What a field is for; one that is described only by the forms of its value, by the written one. */
export function sentenceOf(field: Schema, forms: readonly Schema[]): string {
  const [only, ...others] = forms.filter(({ type }) => type === "object");
  return field.description ?? (others.length ? "" : (only?.description ?? ""));
}

/** The form of an object that goes by a name. */
export function typed(forms: readonly Schema[], name: Json): Schema | undefined {
  return forms.find(({ properties }) => properties?.["type"]?.const === name);
}

/** What a name says that stands for a layer, a data set, or a variant such as an optimizer. */
function nameMeaning(
  language: Language,
  document: Json,
  keys: readonly string[],
  name: string,
): Meaning | null {
  const last = keys.at(-1) ?? "";
  const layer = language.layer(name);
  if (layer && (last === "type" || /^\d+$/.test(last) || last === "activation")) {
    return { head: layer.formula || layer.type, text: layer.meaning };
  }
  const dataset = language.dataset(name);
  if (dataset && keys[0] === "data") return { head: dataset.name, text: dataset.meaning };
  const place = last === "type" ? keys.slice(0, -1) : keys;
  const text = typed(language.at(document, place), name)?.description;
  return text === undefined ? null : { head: name, text };
}
