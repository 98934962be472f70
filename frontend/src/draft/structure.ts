import type { Document, Json } from "../wire/plan";
import { asEntry, freshName, namesIn, withNames } from "./names";
import { placeIn, valueUnder, withChangeAt } from "./pointer";

type Entry = { [key: string]: Json };

/** A place for a layer: before an entry that reads `reads`, or after the last of a body. */
export interface Gap {
  /** Pointer to the entry that the layer goes before or after. */
  beside: string;
  side: "before" | "after";
  /** Name, in the list's own scope, of what the entry reads here. */
  reads: string;
}

/** A layer of the plan, as far as it is needed to find where it was written. */
export interface Written {
  name: string;
  source: string;
}

/**
 * Where a planned layer stands in a document that may have been edited since it was planned:
 * where it stood, if that entry still has its name, else wherever that name is; null if nowhere.
 */
export function placeOf(document: Document, layer: Written): string | null {
  const names = layer.name.split("/");
  if (names.includes(nameAt(document, layer.source) ?? "")) return layer.source;
  const list = rootOf(layer.source);
  const index = namesIn(listAt(document, list)).indexOf(names.at(-1) ?? "");
  return index < 0 ? null : `${list}/${index}`;
}

/** The outermost list of layers that a place lies in: of the network, or of one of several. */
export function rootOf(source: string): string {
  return /^\/networks\/[^/]+\/layers/.exec(source)?.[0] ?? "/network/layers";
}

/** Where a layer is written as itself; null where it is a part of what a composite stands for. */
export function ownPlaceOf(document: Document, layer: Written & { type: string }): string | null {
  const source = placeOf(document, layer);
  const written = source ? asEntry(valueUnder(document, source))["type"] : undefined;
  return written === layer.type ? source : null;
}

/** A field of a written layer; undefined removes it, so that the default holds. */
export function withField(
  document: Document,
  source: string,
  field: string,
  value: Json | undefined,
): Document {
  return withChangeAt(document, source, (written) => {
    const { [field]: _, ...rest } = asEntry(written);
    if (value !== undefined) return { ...asEntry(written), [field]: value };
    return Object.keys(rest).length === 1 ? (rest["type"] ?? null) : rest;
  });
}

/**
 * A layer in a gap, under a name of its own; what read across the gap reads the layer.
 * With `reading` it reads those names instead of what stands before it.
 */
export function withLayer(
  document: Document,
  gap: Gap,
  written: Json,
  reading?: string[],
): Document {
  const named = withNames(document);
  const { list, index } = placeIn(gap.beside);
  const entries = listAt(named, list);
  const { type = null, name, ...fields } = asEntry(written);
  const own = typeof name === "string" ? name : freshName(entries, String(type));
  const entry: Entry = { type, name: own, ...fields, ...(reading && { from: reading }) };
  if (gap.side === "after") return withList(named, list, entries.toSpliced(index + 1, 0, entry));
  const reader = asEntry(entries[index]);
  const from = reader["from"];
  if (from === undefined) return withList(named, list, entries.toSpliced(index, 0, entry));
  const rewired: Json = { ...reader, from: renamed(from, gap.reads, own) };
  const inserted: Json = { ...entry, from: reading ?? gap.reads };
  return withList(named, list, entries.toSpliced(index, 1, inserted, rewired));
}

/** The document without a layer; what read it reads what it read. An emptied body goes as a whole. */
export function withoutLayer(document: Document, source: string): Document {
  const named = withNames(document);
  const { list, index } = placeIn(source);
  const entries = listAt(named, list);
  if (fillsBody(named, source)) return withoutLayer(named, list.slice(0, -"/body".length));
  const gone = asEntry(entries[index]);
  const name = String(gone["name"]);
  const before = index > 0 ? String(asEntry(entries[index - 1])["name"]) : "input";
  const first = Array.isArray(gone["from"]) ? gone["from"][0] : gone["from"];
  const reads = typeof first === "string" ? first : before;
  const rest = entries.toSpliced(index, 1).map((entry, at) => {
    const own = asEntry(entry);
    if (own["from"] !== undefined) return { ...own, from: renamed(own["from"], name, reads) };
    // The one after it read it without saying so.
    return at === index && reads !== before ? { ...own, from: reads } : entry;
  });
  return withLosses(withList(named, list, rest), name, reads);
}

/** Whether a layer is all there is in the body of a composite. */
export function fillsBody(document: Document, source: string): boolean {
  const { list } = placeIn(source);
  return list.endsWith("/body") && listAt(document, list).length === 1;
}

/**
 * A layer in another gap, with all its fields, and under its name where nothing there has it.
 * What fills the body of a composite stays.
 */
export function withMoved(document: Document, source: string, gap: Gap): Document {
  if (gap.beside === source || fillsBody(document, source)) return document;
  const named = withNames(document);
  const { from: _, ...written } = asEntry(valueUnder(named, source));
  const { list } = placeIn(gap.beside);
  const elsewhere = list === placeIn(source).list ? [] : listAt(named, list);
  const taken = namesIn(elsewhere).includes(String(written["name"]));
  const name = freshName(elsewhere, String(written["type"]));
  const entry = taken ? { ...written, name } : written;
  const reads = gap.reads === written["name"] ? readsOf(named, source) : gap.reads;
  const beside = shifted(gap.beside, source);
  return withLayer(withoutLayer(named, source), { ...gap, beside, reads }, entry);
}

/** What an entry reads, by its name in the list's scope. */
function readsOf(document: Document, source: string): string {
  const { list, index } = placeIn(source);
  const entries = listAt(document, list);
  const from = asEntry(entries[index])["from"];
  const first = Array.isArray(from) ? from[0] : from;
  if (typeof first === "string") return first;
  return index > 0 ? (namesIn(entries)[index - 1] ?? "input") : "input";
}

/** A pointer after an entry was taken out before it. */
function shifted(pointer: string, removed: string): string {
  const { list, index } = placeIn(removed);
  if (!pointer.startsWith(`${list}/`)) return pointer;
  const [at = "", ...inner] = pointer.slice(list.length + 1).split("/");
  return Number(at) > index ? [list, Number(at) - 1, ...inner].join("/") : pointer;
}

function renamed(from: Json, name: string, instead: string): Json {
  if (Array.isArray(from)) return from.map((each) => renamed(each, name, instead));
  return from === name ? instead : from;
}

/** Losses that read the layer by its name. */
function withLosses(document: Document, name: string, instead: string): Document {
  const losses = valueUnder(document, "/train/losses");
  if (!Array.isArray(losses)) return document;
  return withChangeAt(document, "/train/losses", () =>
    losses.map((loss) => {
      const read = asEntry(loss)["input"] === name;
      return read ? { ...asEntry(loss), input: instead } : loss;
    }),
  );
}

/** The document with other layers, in which what read one name reads another. */
export function withLayersRead(
  document: Document,
  layers: Json[],
  name: string,
  instead: string,
): Document {
  const reading = layers.map((layer) => {
    const { from } = asEntry(layer);
    return from === undefined ? layer : { ...asEntry(layer), from: renamed(from, name, instead) };
  });
  return withLosses(withList(document, "/network/layers", reading), name, instead);
}

/** The layers of the network as written. */
export function layersOf(document: Document): Json[] {
  return listAt(document, "/network/layers");
}

function nameAt(document: Document, source: string): string | undefined {
  const { list, index } = placeIn(source);
  return namesIn(listAt(document, list))[index];
}

export function listAt(document: Document, pointer: string): Json[] {
  const list = valueUnder(document, pointer);
  return Array.isArray(list) ? list : [];
}

function withList(document: Document, pointer: string, list: Json[]): Document {
  return withChangeAt(document, pointer, () => list);
}
