import type { Json } from "../wire/plan";

/** Columns that stay on one line. */
const LINE = 72;

/** Writes a document as a person would: short lists and objects stay on their line. */
export function writeJson(document: Json): string {
  return `${blockJson(document, "", true)}\n`;
}

/** A value from where it begins; its further lines stand at `indent` or further in. */
export function blockJson(value: Json, indent: string, opened = false): string {
  const flat = flowJson(value);
  if (typeof value !== "object" || value === null || flat.length <= 2) return flat;
  if (!opened && indent.length + flat.length <= LINE) return flat;
  const inner = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map((entry) => inner + blockJson(entry, inner))
    : Object.entries(value).map(
        ([key, entry]) => `${inner}${JSON.stringify(key)}: ${blockJson(entry, inner)}`,
      );
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return `${open}\n${lines.join(",\n")}\n${indent}${close}`;
}

/** A value on one line. */
export function flowJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(flowJson).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(
    ([key, entry]) => `${JSON.stringify(key)}: ${flowJson(entry)}`,
  );
  return `{${entries.join(", ")}}`;
}
