import { type Pair, type ParsedNode, isMap, isSeq, type YAMLMap, type YAMLSeq } from "yaml";

import type { Document, Json } from "../wire/plan";
import { BlockList, BlockObject } from "./block";
import { FlowList, FlowObject } from "./flow";
import { flowJson } from "./json";
import { isSame, join } from "./pointer";
import { keyOf, Reading } from "./reading";
import { syntaxOf, write } from "./syntax";
import { flowYaml } from "./yaml";

/** One replacement in a text. */
export interface Edit {
  from: number;
  to: number;
  insert: string;
}

/** A list or an object of a text, whose entries can be edited one by one. */
export interface Entries {
  replace(index: number, value: Json): Edit | null;
  remove(index: number): Edit | null;
  insert(index: number, key: string, value: Json): Edit | null;
}

/** Beyond so many single edits the document is another one, and is written anew. */
const MOST_EDITS = 200;

/**
 * The edits, each on what the one before left, by which a text comes to say a document. Lines
 * that say the same before and after are left byte for byte, with their comments and order.
 */
export function rewrite(text: string, document: Document): Edit[] {
  const edits: Edit[] = [];
  let here = text;
  while (edits.length < MOST_EDITS) {
    const reading = new Reading(here);
    if (!reading.isSound || !isObject(reading.document)) break;
    if (isSame(reading.document, document)) return edits;
    const edit = difference(reading, reading.tree?.contents, reading.document, document, "");
    if (!edit) break;
    edits.push(edit);
    here = applied(here, edit);
  }
  return [{ from: 0, to: text.length, insert: write(document, syntaxOf(text)) }];
}

/** The text that says a document with as little change as can be. */
export function rewritten(text: string, document: Document): string {
  return rewrite(text, document).reduce(applied, text);
}

export function applied(text: string, { from, to, insert }: Edit): string {
  return text.slice(0, from) + insert + text.slice(to);
}

/** The first edit on the way from one value to another. */
function difference(
  reading: Reading,
  node: ParsedNode | null | undefined,
  before: Json,
  after: Json,
  pointer: string,
): Edit | null {
  if (isMap(node) && isObject(before) && isObject(after)) {
    return ofObject(reading, node as YAMLMap, before, after, pointer);
  }
  if (isSeq(node) && Array.isArray(before) && Array.isArray(after)) {
    return ofList(reading, node as YAMLSeq, before, after, pointer);
  }
  return null;
}

function ofObject(
  reading: Reading,
  node: YAMLMap,
  before: Document,
  after: Document,
  pointer: string,
): Edit | null {
  const entries = node.flow
    ? new FlowObject(reading, node, pointer)
    : new BlockObject(reading, node, pointer);
  const keys = Object.keys(before);
  const order = node.items.map((pair) => keyOf(pair));
  const gone = keys.find((key) => !Object.hasOwn(after, key));
  const added = Object.keys(after).find((key) => !Object.hasOwn(before, key));
  const renamed = gone !== undefined && added !== undefined && isSame(before[gone], after[added]);
  if (renamed) return renaming(reading, join(pointer, gone), added);
  if (gone !== undefined && (keys.length > 1 || added === undefined)) {
    return entries.remove(order.indexOf(gone));
  }
  for (const key of keys) {
    const [one, other] = [before[key] as Json, after[key]];
    if (other === undefined || isSame(one, other)) continue;
    const at = order.indexOf(key);
    const inner = (node.items[at] as Pair | undefined)?.value as ParsedNode | null;
    const deeper = difference(reading, inner, one, other, join(pointer, key));
    return deeper ?? entries.replace(at, other);
  }
  if (added === undefined) return null;
  const earlier = Object.keys(after).slice(0, Object.keys(after).indexOf(added));
  const last = earlier.findLast((key) => order.includes(key));
  const at = last === undefined ? 0 : order.indexOf(last) + 1;
  return entries.insert(at, added, after[added] as Json);
}

function renaming(reading: Reading, pointer: string, name: string): Edit | null {
  const key = reading.place(pointer).key;
  const written = syntaxOf(reading.text) === "json" ? flowJson(name) : flowYaml(name);
  return key && { from: key[0], to: key[1], insert: written };
}

function ofList(
  reading: Reading,
  node: YAMLSeq,
  before: Json[],
  after: Json[],
  pointer: string,
): Edit | null {
  const entries = node.flow
    ? new FlowList(reading, node, pointer)
    : new BlockList(reading, node, pointer);
  const at = before.findIndex((entry, index) => !isSame(entry, after[index]));
  const from = at < 0 ? before.length : at;
  const longer = after.length - before.length;
  const [one, other] = [before[from], after[from]];
  if (one === undefined && other !== undefined) return entries.insert(from, "", other);
  if (other === undefined) return entries.remove(from);
  if (longer > 0 && (isSame(one, after[from + 1]) || !isAlike(one, other))) {
    return entries.insert(from, "", other);
  }
  if (longer < 0 && (isSame(before[from + 1], other) || !isAlike(one, other))) {
    return entries.remove(from);
  }
  const item = node.items[from] as ParsedNode;
  const deeper = difference(reading, item, one as Json, other, join(pointer, from));
  return deeper ?? entries.replace(from, other);
}

/** Whether two entries of a list are one layer before and after an edit. */
function isAlike(one: Json | undefined, other: Json): boolean {
  if (!isObject(one) || !isObject(other)) return nameOf(one) === nameOf(other);
  const named = one["name"] !== undefined && other["name"] !== undefined;
  return named ? one["name"] === other["name"] : one["type"] === other["type"];
}

function nameOf(entry: Json | undefined): Json | undefined {
  return isObject(entry) ? entry["type"] : entry;
}

function isObject(value: Json | undefined): value is Document {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
