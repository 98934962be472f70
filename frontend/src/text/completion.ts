import type { Schema } from "../wire/catalogue";
import type { Context } from "./context";
import type { Language } from "./language";
import { defaultOf, kindOf, sentenceOf, typed } from "./meaning";

/** One thing that could be typed next. */
export interface Offer {
  label: string;
  /** What it takes, in signs. */
  detail: string;
  /** What it means, in a sentence. */
  info: string;
  /** What is written; `#{}` is where the hand goes on. */
  insert: string;
  kind: "field" | "layer" | "value";
  /** The form with braces, behind the plain word. */
  open: boolean;
  required: boolean;
}

const COMMON: ReadonlySet<string> = new Set(["name", "from"]);

/** Everything that may stand where the cursor is. */
export function offers(context: Context, language: Language): Offer[] {
  const forms = language.at(context.document, context.keys);
  if (context.types === "key") return fields(context, forms, language);
  const values = unique(forms.flatMap((form) => valuesOf(form, forms, context, language)));
  values.sort((one, other) => language.rank(one.label) - language.rank(other.label));
  const objects = context.alone && !context.quoted && !isEntry(context);
  return objects ? [...fields(context, forms, language), ...values] : values;
}

function fields(context: Context, forms: readonly Schema[], language: Language): Offer[] {
  // Of several kinds of object the type comes first: it decides what else there is to say.
  const kinds = forms.filter(({ properties }) => properties?.["type"]?.const !== undefined);
  const untyped = kinds.length > 1 && !context.siblings.includes("type");
  const found = forms.flatMap((form) =>
    Object.entries(form.properties ?? {})
      .filter(([name]) => (untyped ? name === "type" : !context.siblings.includes(name)))
      .map(([name, schema]) => field(name, schema, form, context, language)),
  );
  return unique(found).sort((one, other) => lateness(one) - lateness(other));
}

/** What every layer may say comes after what this one has to and may say. */
function lateness({ label, required }: Offer): number {
  return required ? 0 : COMMON.has(label) ? 2 : 1;
}

function field(
  name: string,
  schema: Schema,
  form: Schema,
  context: Context,
  language: Language,
): Offer {
  const preset = defaultOf(schema);
  return {
    label: name,
    detail: name === "type" ? "" : `${kindOf(schema, language)}${preset && ` = ${preset}`}`,
    info: sentenceOf(schema, language.choices(schema)),
    insert: context.quoted ? name : context.json ? `"${name}": ` : `${name}: `,
    kind: "field",
    open: false,
    required: form.required?.includes(name) ?? false,
  };
}

function valuesOf(
  form: Schema,
  forms: readonly Schema[],
  context: Context,
  language: Language,
): Offer[] {
  const constants = form.enum ?? (form.const === undefined ? [] : [form.const]);
  const words = form.type === "boolean" ? [true, false] : constants;
  const offered = words.map((value) => ({
    ...named(String(value), typeof value, context),
    info: language.about(String(value)) || (typed(forms, value)?.description ?? ""),
  }));
  return isEntry(context) && form.properties
    ? [...offered, ...layers(form, context, language)]
    : offered;
}

function named(name: string, type: string, context: Context): Omit<Offer, "info"> {
  const text = context.json && type === "string" ? `"${name}"` : name;
  return {
    label: name,
    detail: "",
    insert: context.quoted ? name : text,
    kind: "value",
    open: false,
    required: false,
  };
}

/** A layer as an object, with the fields that it cannot do without. */
function layers(form: Schema, context: Context, language: Language): Offer[] {
  const type = form.properties?.["type"]?.const;
  if (typeof type !== "string" || context.quoted) return [];
  const entry = language.layer(type);
  const own = Object.keys(entry?.fields ?? form.properties ?? {});
  const needed = (form.required ?? []).filter((name) => name !== "type");
  const shown = needed.length ? needed : own.filter((name) => name === "units");
  if (!shown.length && !own.length) return [];
  const key = (name: string): string => (context.json ? `"${name}"` : name);
  const holes = shown.map((name) => `${key(name)}: ${hole(form.properties?.[name])}`);
  const written = `{${key("type")}: ${context.json ? `"${type}"` : type}`;
  return [
    {
      label: type,
      detail: shown.length ? `{${shown.join(", ")}}` : "{…}",
      info: entry?.meaning ?? form.description ?? "",
      insert: `${[written, ...(holes.length ? holes : ["#{}"])].join(", ")}}`,
      kind: "layer",
      open: true,
      required: false,
    },
  ];
}

/** Where the hand goes on: brackets are there already. */
function hole(schema: Schema | undefined): string {
  return schema?.type === "array" ? "[#{}]" : schema?.type === "object" ? "{#{}}" : "#{}";
}

/** Whether a value is an entry of a list. */
function isEntry({ keys }: Context): boolean {
  return /^\d+$/.test(keys.at(-1) ?? "");
}

function unique(found: readonly Offer[]): Offer[] {
  const kept = new Map<string, Offer>();
  for (const offer of found) {
    const key = `${offer.label} ${offer.open}`;
    if (!kept.has(key)) kept.set(key, offer);
  }
  return [...kept.values()];
}
