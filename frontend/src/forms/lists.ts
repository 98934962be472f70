import type { Json } from "../wire/plan";
import type { Field, Variant } from "./fields";
import { variantOf } from "./variants";

type Entry = { [key: string]: Json };

/** The entries of a list as objects; what is no list has none. */
export function entriesOf(value: Json): Entry[] {
  return Array.isArray(value) ? value.map(variantOf) : [];
}

/** An entry of a type as it begins: its word, with what it cannot be without. */
export function begun({ type, fields, required }: Variant, shape: readonly number[]): Json {
  const written = fields
    .filter(({ name }) => required.includes(name))
    .map((field) => [field.name, startOf(field, shape)] as const);
  return written.length ? { type, ...Object.fromEntries(written) } : type;
}

/** Something that may stand in a field without a default: the sides of the picture, or the least. */
function startOf({ control }: Field, shape: readonly number[]): Json {
  const least = "least" in control ? (control.least ?? 0) : 0;
  if (control.kind === "pair" && shape.length > 1) return shape.slice(-2);
  if (control.kind === "pair") return [least, least];
  if (control.kind === "choice") return control.options[0] ?? null;
  return control.kind === "switch" ? false : least;
}

/** The list with an entry at its end. */
export function withEntry(value: Json, entry: Json): Json {
  return [...(Array.isArray(value) ? value : []), entry];
}

/** The list with another entry in the place of one; undefined takes it out. */
export function withEntryAt(value: Json, at: number, entry: Json | undefined): Json {
  const list = Array.isArray(value) ? value : [];
  return entry === undefined ? list.toSpliced(at, 1) : list.toSpliced(at, 1, entry);
}
