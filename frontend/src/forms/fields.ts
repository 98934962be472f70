import type { Schema, Section } from "../wire/catalogue";
import type { Json } from "../wire/plan";

export interface Bounds {
  integer: boolean;
  least: number | null;
  most: number | null;
}

/** What a field is set with, read off its schema. */
export type Control =
  | ({ kind: "number"; optional: boolean } & Bounds)
  | ({ kind: "pair" } & Bounds)
  | { kind: "choice"; options: string[] }
  | { kind: "switch" }
  | { kind: "set"; options: string[] }
  | { kind: "variant"; options: Variant[] }
  | { kind: "section"; fields: Field[] }
  | { kind: "list"; options: Variant[] }
  | ({ kind: "words"; words: string[]; pair: boolean } & Bounds);

/** One of several objects told apart by their `type`, with the fields of its own. */
export interface Variant {
  type: string;
  fields: Field[];
  /** Those of them that have no default, which have to be written. */
  required: string[];
}

export interface Field {
  name: string;
  control: Control;
  default: Json;
  description: string;
}

/** Whether one value of a field can stand for another, as in a sweep. */
export function isVariable({ kind }: Control): boolean {
  return kind !== "section" && kind !== "list" && kind !== "set";
}

const SIZES: readonly string[] = ["units", "filters", "rate", "size"];
const AT_MOST = 3;

/** The fields of a section that a form can set; the rest is for the text. */
export function fieldsOf(section: Pick<Section, "fields">): Field[] {
  return Object.entries(section.fields).flatMap(([name, schema]) => {
    const control = controlOf(schema);
    const { default: otherwise = null, description = "" } = schema;
    return control ? [{ name, control, default: otherwise, description }] : [];
  });
}

/** At most three in sight (size, activation, one more); the rest with the changed ones first. */
export function arranged(
  fields: readonly Field[],
  written: ReadonlySet<string>,
): { first: Field[]; more: Field[] } {
  const changedFirst = [
    ...fields.filter(({ name }) => written.has(name)),
    ...fields.filter(({ name }) => !written.has(name)),
  ];
  const leading = [
    ...fields.filter(({ name }) => SIZES.includes(name)).slice(0, 1),
    ...fields.filter(({ name }) => name === "activation"),
  ];
  const rest = changedFirst.filter((field) => !leading.includes(field));
  const room = AT_MOST - leading.length;
  return { first: [...leading, ...rest.slice(0, room)], more: rest.slice(room) };
}

/** The control of a schema; null where none of ours can say all that it allows. */
export function controlOf(schema: Schema): Control | null {
  if (schema.const !== undefined) return null;
  if (schema.enum) return { kind: "choice", options: schema.enum.map(String) };
  if (schema.type === "boolean") return { kind: "switch" };
  if (isNumber(schema)) return { kind: "number", optional: false, ...boundsOf(schema) };
  if (schema.type === "array") return listControl(schema);
  if (schema.type === "object") return sectionControl(schema);
  return schema.anyOf || schema.oneOf ? unionControl(flat(schema)) : null;
}

/** Fields that are written together or not at all, each with a default. */
function sectionControl({ properties = {}, required = [] }: Schema): Control | null {
  const fields = fieldsOf({ fields: properties });
  return required.length || !fields.length ? null : { kind: "section", fields };
}

function listControl(schema: Schema): Control | null {
  if (schema.items?.enum) return { kind: "set", options: schema.items.enum.map(String) };
  const objects = schema.items ? flat(schema.items).filter(isVariant) : [];
  if (objects.length) return { kind: "list", options: objects.map(variantOf) };
  const [first, second] = schema.prefixItems ?? [];
  if (schema.prefixItems?.length !== 2 || !first || !second || !isNumber(first)) return null;
  return { kind: "pair", ...boundsOf(first) };
}

function unionControl(all: readonly Schema[]): Control | null {
  const parts = all.filter((part) => part.type !== "null");
  const optional = parts.length < all.length;
  const [only] = parts;
  if (only && parts.length === 1) {
    const control = controlOf(only);
    return control?.kind === "number" ? { ...control, optional } : control;
  }
  const words = parts.flatMap(
    (part) => part.enum ?? (part.const === undefined ? [] : [part.const]),
  );
  // What cannot be begun with defaults alone, such as weights from elsewhere, is for the text.
  const objects = parts.filter((part) => part.properties && !part.required?.length);
  if (objects.length) return { kind: "variant", options: objects.map(variantOf) };
  const number = parts.find(isNumber);
  if (!number) return null;
  const pair = parts.some((part) => part.type === "array");
  if (!words.length) return { kind: "pair", ...boundsOf(number) };
  return { kind: "words", words: words.map(String), pair, ...boundsOf(number) };
}

function variantOf(schema: Schema): Variant {
  const { type, ...fields } = schema.properties ?? {};
  const { required = [] } = schema;
  return { type: String(type?.const ?? ""), fields: fieldsOf({ fields }), required };
}

function isVariant({ properties }: Schema): boolean {
  return properties?.["type"]?.const !== undefined;
}

/** The alternatives of a schema, those of nested unions among them. */
function flat(schema: Schema): Schema[] {
  const parts = schema.anyOf ?? schema.oneOf;
  return parts ? parts.flatMap(flat) : [schema];
}

function isNumber(schema: Schema): boolean {
  return schema.type === "integer" || schema.type === "number";
}

function boundsOf(schema: Schema): Bounds {
  return {
    integer: schema.type === "integer",
    least: schema.minimum ?? schema.exclusiveMinimum ?? null,
    most: schema.maximum ?? schema.exclusiveMaximum ?? null,
  };
}

/** Numbers as a person types them: "3", or "3, 5" for two; null for what is no such thing. */
export function readNumbers(text: string, bounds: Bounds, pair: boolean): Json {
  const parts = text.split(/[\s,×x]+/).filter(Boolean);
  const numbers = parts.map(Number);
  const fits = numbers.every((number) => isWithin(number, bounds));
  if (!fits || numbers.length < 1 || numbers.length > (pair ? 2 : 1)) return null;
  return numbers.length === 2 ? numbers : (numbers[0] ?? null);
}

function isWithin(number: number, { integer, least, most }: Bounds): boolean {
  if (!Number.isFinite(number) || (integer && !Number.isInteger(number))) return false;
  return number >= (least ?? -Infinity) && number <= (most ?? Infinity);
}

/** A value as it stands in its field: a square window by its side alone. */
export function writeNumbers(value: Json): string {
  if (!Array.isArray(value)) return value === null ? "" : String(value);
  return value.every((each) => each === value[0]) ? String(value[0]) : value.join(", ");
}
