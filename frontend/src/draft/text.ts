import type { Document, Problem } from "../wire/plan";

/** The text as a document, or what stands in the way of reading it. */
export function readText(text: string): Document | Problem {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as Document;
    }
    return problem("document.object", "A document is an object: { … }.");
  } catch (reason) {
    return problem("document.json", reason instanceof Error ? reason.message : String(reason));
  }
}

export function isProblem(answer: Document | Problem): answer is Problem {
  return "code" in answer && "message" in answer && "path" in answer;
}

/** Writes a document as a person would: short lists and objects stay on their line. */
export function writeText(document: Document): string {
  return write(document, "");
}

const LINE = 72;

function write(value: unknown, indent: string): string {
  const flat = flatten(value);
  if (indent.length + flat.length <= LINE || typeof value !== "object" || value === null) {
    if (indent !== "" || typeof value !== "object") return flat;
  }
  const inner = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map((entry) => inner + write(entry, inner))
    : Object.entries(value as object).map(
        ([key, entry]) => `${inner}${JSON.stringify(key)}: ${write(entry, inner)}`,
      );
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return `${open}\n${lines.join(",\n")}\n${indent}${close}`;
}

function flatten(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flatten).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(
    ([key, entry]) => `${JSON.stringify(key)}: ${flatten(entry)}`,
  );
  return entries.length ? `{${entries.join(", ")}}` : "{}";
}

function problem(code: string, message: string): Problem {
  return {
    code,
    params: {},
    path: "",
    layer: null,
    message,
    expected: null,
    got: null,
    hint: null,
    fix: null,
  };
}
