import type { Json } from "../wire/plan";
import { keysOf, parentOf } from "./pointer";
import { Reading } from "./reading";
import { syntaxOf } from "./syntax";

/** Stands in for what is being typed, so that the text around it can be read. */
const MARK = "zz__";

/** What is being typed at a place of a text. */
export interface Context {
  /** Keys down to the object whose key is typed, or down to the value that is. */
  keys: string[];
  types: "key" | "value";
  /** The word to be replaced. */
  from: number;
  to: number;
  quoted: boolean;
  json: boolean;
  /** Whether the word stands alone on its line, so that it may become a key of a new object. */
  alone: boolean;
  /** Keys that the object has already. */
  siblings: string[];
  document: Json;
}

/** What a cursor stands in, however unfinished the text is; null in comments and nowhere. */
export function contextAt(text: string, at: number): Context | null {
  const from = at - (/[\w./+-]*$/.exec(text.slice(0, at))?.[0].length ?? 0);
  const to = at + (/^[\w./+-]*/.exec(text.slice(at))?.[0].length ?? 0);
  const line = text.slice(text.lastIndexOf("\n", from - 1) + 1, from);
  const quoted = text[from - 1] === '"';
  const json = syntaxOf(text) === "json";
  const word = { json, from, to, quoted, alone: !line.trim() };
  const read = (mark: string): Context | null =>
    found(word, new Reading(text.slice(0, from) + mark + text.slice(to)));
  // Above other keys a word alone on its line reads as the beginning of the next one.
  return read(MARK) ?? (word.alone && !json ? read(`${MARK}:`) : null);
}

type Word = Pick<Context, "json" | "from" | "to" | "quoted" | "alone">;

function found(word: Word, { document, places }: Reading): Context | null {
  const start = word.quoted ? word.from - 1 : word.from;
  const end = start + MARK.length + (word.quoted ? 2 : 0);
  for (const [pointer, { key, value }] of places) {
    if (key?.[0] === start && keysOf(pointer).at(-1) === MARK) {
      const keys = keysOf(parentOf(pointer));
      return { ...word, document, types: "key", keys, siblings: siblings(document, keys) };
    }
    if (value[0] === start && value[1] === end) {
      return { ...word, document, types: "value", keys: keysOf(pointer), siblings: [] };
    }
  }
  return null;
}

function siblings(document: Json, keys: readonly string[]): string[] {
  let here: Json | undefined = document;
  for (const key of keys) here = (here as { [key: string]: Json } | undefined)?.[key];
  return Object.keys(here ?? {}).filter((key) => key !== MARK);
}
