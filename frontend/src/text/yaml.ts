import type { Json } from "../wire/plan";
import { NoJsonNumber, resolve } from "./scalars";

/** Columns that stay on one line: what the Text tab shows without a break. */
const LINE = 52;
/** What a reader looks for line by line never shrinks into one. */
const OPENED: ReadonlySet<string> = new Set(["network", "layers", "body", "branches", "blocks"]);
const PLAIN = /^[A-Za-z_](?:[\w./-]| (?=[\w./-]))*$/;

/** Writes a document as a person would: a line for each layer, the rest as short as it goes. */
export function writeYaml(document: Json): string {
  if (typeof document !== "object" || document === null || isEmpty(document)) {
    return `${flowYaml(document)}\n`;
  }
  return `${block(document, 0)}\n`;
}

/** A value on one line. */
export function flowYaml(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(flowYaml).join(", ")}]`;
  if (typeof value === "string") return word(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const pairs = Object.entries(value).map(([key, entry]) => `${word(key)}: ${flowYaml(entry)}`);
  return `{${pairs.join(", ")}}`;
}

/** A key with its value, from the key on; further lines stand at `indent` or further in. */
export function pairYaml(key: string, value: Json, indent: number): string {
  return `${word(key)}:${afterKey(key, value, indent)}`;
}

/** What stands behind a key's colon. */
export function afterKey(key: string, value: Json, indent: number): string {
  const flow = flowYaml(value);
  const fits = indent + word(key).length + 2 + flow.length <= LINE && !OPENED.has(key);
  if (fits || !isOpenable(value)) return ` ${flow}`;
  return `\n${" ".repeat(indent + 2)}${block(value, indent + 2)}`;
}

/** An entry of a list from its dash on. */
export function itemYaml(value: Json, indent: number): string {
  const flow = flowYaml(value);
  if (indent + 2 + flow.length <= LINE || !isOpenable(value)) return `- ${flow}`;
  return `- ${block(value, indent + 2)}`;
}

function block(value: Json[] | { [key: string]: Json }, indent: number): string {
  const lines = Array.isArray(value)
    ? value.map((entry) => itemYaml(entry, indent))
    : Object.entries(value).map(([key, entry]) => pairYaml(key, entry, indent));
  return lines.join(`\n${" ".repeat(indent)}`);
}

function isOpenable(value: Json): value is Json[] | { [key: string]: Json } {
  return typeof value === "object" && value !== null && !isEmpty(value);
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}

/** A text without quotes where it can be read back from them only as itself. */
function word(text: string): string {
  return PLAIN.test(text) && isText(text) ? text : JSON.stringify(text);
}

function isText(text: string): boolean {
  try {
    return typeof resolve(text) === "string";
  } catch (reason) {
    if (reason instanceof NoJsonNumber) return false;
    throw reason;
  }
}
