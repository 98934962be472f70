import type { Document, Json } from "../wire/plan";

/** The keys of a JSON pointer (RFC 6901). */
export function keysOf(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** What stands at a pointer, or undefined. */
export function valueUnder(document: Document, pointer: string): Json | undefined {
  let here: Json | undefined = document;
  for (const key of keysOf(pointer)) {
    if (Array.isArray(here)) here = here[Number(key)];
    else if (here !== null && typeof here === "object") here = here[key];
    else return undefined;
  }
  return here;
}

/** A copy of the document with what stands at a pointer changed. */
export function withChangeAt(
  document: Document,
  pointer: string,
  change: (value: Json) => Json,
): Document {
  return changed(document, keysOf(pointer), change) as Document;
}

function changed(here: Json, keys: readonly string[], change: (value: Json) => Json): Json {
  const [key, ...rest] = keys;
  if (key === undefined) return change(here);
  if (Array.isArray(here)) {
    return here.map((value, at) => (at === Number(key) ? changed(value, rest, change) : value));
  }
  const object = here !== null && typeof here === "object" ? here : {};
  return { ...object, [key]: changed(object[key] ?? null, rest, change) };
}

/** The list that an entry stands in, and where in it. */
export function placeIn(pointer: string): { list: string; index: number } {
  const cut = pointer.lastIndexOf("/");
  return { list: pointer.slice(0, cut), index: Number(pointer.slice(cut + 1)) };
}
