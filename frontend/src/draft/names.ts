import type { Document, Json } from "../wire/plan";

type Entry = { [key: string]: Json };

/** An entry of a list of layers as an object: a bare word is its type. */
export function asEntry(written: Json | undefined): Entry {
  if (written !== null && typeof written === "object" && !Array.isArray(written)) return written;
  return { type: written ?? null };
}

/** The names of a list: written ones, and for the rest the type with its ordinal among all. */
export function namesIn(list: readonly Json[]): string[] {
  const ordinals = new Map<string, number>();
  return list.map((written) => {
    const entry = asEntry(written);
    const type = String(entry["type"]);
    const ordinal = (ordinals.get(type) ?? 0) + 1;
    ordinals.set(type, ordinal);
    return typeof entry["name"] === "string" ? entry["name"] : `${type}_${ordinal}`;
  });
}

/** A name of this type that no entry of the list has. */
export function freshName(list: readonly Json[], type: string): string {
  const taken = new Set(namesIn(list));
  let ordinal = 1;
  while (taken.has(`${type}_${ordinal}`)) ordinal += 1;
  return `${type}_${ordinal}`;
}

/**
 * The document with every layer's name written out. Weights follow from names, so that a layer
 * put before others leaves theirs as they are.
 */
export function withNames(document: Document): Document {
  const networks = asObject(document["networks"]);
  if (Object.keys(networks).length) {
    return { ...document, networks: mapValues(networks, nameBlock) };
  }
  const network = asObject(document["network"]);
  if (!Array.isArray(network["layers"])) return document;
  const named = { ...document, network: { ...network, layers: nameList(network["layers"]) } };
  const blocks = asObject(document["blocks"]);
  if (!Object.keys(blocks).length) return named;
  return { ...named, blocks: mapValues(blocks, nameBlock) };
}

function nameBlock(block: Json): Json {
  const written = asObject(block);
  return Array.isArray(written["layers"])
    ? { ...written, layers: nameList(written["layers"]) }
    : block;
}

function nameList(list: readonly Json[]): Json[] {
  const names = namesIn(list);
  return list.map((written, index) => nameEntry(written, names[index] ?? ""));
}

/** The name stands after the type, where a reader looks for it; an entry that has one stays. */
function nameEntry(written: Json, name: string): Json {
  const { type = null, ...rest } = asEntry(written);
  const inner = nameBodies(rest);
  return "name" in rest ? { ...asEntry(written), ...inner } : { type, name, ...inner };
}

function nameBodies(fields: Entry): Entry {
  return Object.fromEntries(
    Object.entries(fields).map(([field, value]) => {
      if (field === "body" && Array.isArray(value)) return [field, nameList(value)];
      if (field !== "branches" || !Array.isArray(value)) return [field, value];
      return [field, value.map((branch) => (Array.isArray(branch) ? nameList(branch) : branch))];
    }),
  );
}

function asObject(value: Json | undefined): Entry {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? value : {};
}

function mapValues(object: Entry, change: (value: Json) => Json): Entry {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
