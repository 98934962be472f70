import type { Document, Json } from "../wire/plan";

/** One operation of a JSON patch (RFC 6902), as far as fixes use them. */
export interface Operation {
  op: "add" | "replace" | "remove";
  path: string;
  value?: Json;
}

export function isPatch(fix: unknown): fix is Operation[] {
  return Array.isArray(fix) && fix.length > 0 && fix.every(isOperation);
}

/** A copy of a document with the operations applied in order. */
export function applyPatch(document: Document, patch: readonly Operation[]): Document {
  return patch.reduce<Json>((whole, operation) => {
    const keys = operation.path.split("/").slice(1).map(unescapeKey);
    return apply(whole, keys, operation);
  }, document) as Document;
}

function isOperation(candidate: unknown): boolean {
  const { op, path } = (candidate ?? {}) as Partial<Operation>;
  return typeof path === "string" && ["add", "replace", "remove"].includes(op ?? "");
}

function unescapeKey(key: string): string {
  return key.replaceAll("~1", "/").replaceAll("~0", "~");
}

function apply(here: Json, keys: readonly string[], operation: Operation): Json {
  const [key, ...rest] = keys;
  if (key === undefined) return operation.value ?? null;
  if (Array.isArray(here)) return applyToList(here, key, rest, operation);
  const object = here !== null && typeof here === "object" ? here : {};
  if (rest.length) return { ...object, [key]: apply(object[key] ?? {}, rest, operation) };
  if (operation.op !== "remove") return { ...object, [key]: operation.value ?? null };
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}

function applyToList(
  list: Json[],
  key: string,
  rest: readonly string[],
  operation: Operation,
): Json {
  const at = key === "-" ? list.length : Number(key);
  if (rest.length) return list.with(at, apply(list[at] ?? null, rest, operation));
  if (operation.op === "remove") return list.toSpliced(at, 1);
  if (operation.op === "add") return list.toSpliced(at, 0, operation.value ?? null);
  return list.with(at, operation.value ?? null);
}
