import type { Json } from "../wire/plan";
import type { Control, Field } from "./fields";

type Entry = { [key: string]: Json };

/** A value that is told apart by its type, as an object: a bare word is its type. */
export function variantOf(value: Json): Entry {
  if (value !== null && typeof value === "object" && !Array.isArray(value)) return value;
  return { type: value };
}

/** The value without the fields that have their defaults. */
export function bare(value: Json, control: Extract<Control, { kind: "variant" }>): Json {
  const entry = variantOf(value);
  const fields = control.options.find(({ type }) => type === entry["type"])?.fields ?? [];
  const kept = Object.entries(entry).filter(([name, held]) => {
    const field = fields.find((each) => each.name === name);
    return !field || JSON.stringify(field.default) !== JSON.stringify(held);
  });
  return word(Object.fromEntries(kept));
}

/** The value with one field changed; undefined leaves it to its default. */
export function withVariantField(value: Json, name: string, chosen: Json | undefined): Json {
  return word(withInner(variantOf(value), name, chosen));
}

/** A section as it begins: empty, or with its first number where nothing holds by default. */
export function sectionStart(fields: readonly Field[]): Entry {
  const [first] = fields;
  if (!first || fields.some((field) => field.default !== null)) return {};
  return first.control.kind === "number"
    ? { [first.name]: Math.max(1, first.control.least ?? 1) }
    : {};
}

/** A section with one field changed; undefined leaves it to its default. */
export function withInner(section: Entry, name: string, chosen: Json | undefined): Entry {
  const { [name]: _, ...rest } = section;
  return chosen === undefined ? rest : { ...rest, [name]: chosen };
}

/** An object that holds nothing but its type, as that word. */
function word(entry: Entry): Json {
  return Object.keys(entry).length === 1 ? (entry["type"] ?? null) : entry;
}
