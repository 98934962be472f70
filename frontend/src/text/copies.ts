import type { Document, Json } from "../wire/plan";

/** Where `gradus` keeps the token of the own machine, unless a variable names another. */
const TOKEN = '${GRADUS_TOKEN:-$(cat "${GRADUS_DATA:-$HOME/.local/share/gradus}/token")}';

/** A command that begins the run of a document at a service. */
export function asCurl(document: Document, name: string, origin: string): string {
  const body = JSON.stringify({ document, name }, null, 2).replaceAll("'", "'\\''");
  return `curl --fail-with-body ${origin}/api/v1/runs \\
  -H "Authorization: Bearer ${TOKEN}" \\
  -H "Content-Type: application/json" \\
  -d '${body}'
`;
}

/** A script that begins the run of a document and follows it to its end. */
export function asPython(document: Document, name: string): string {
  return `from gradus_client.client import Client

document = ${python(document, "")}

with Client.find() as client:
    run = client.create(document, name=${JSON.stringify(name)})
    print(run.id)
`;
}

const LINE = 88;

/** A value as Python writes it; the strings of JSON are strings of Python. */
function python(value: Json, indent: string): string {
  const flat = flatten(value);
  if (typeof value !== "object" || value === null || indent.length + flat.length <= LINE) {
    return flat;
  }
  const inner = `${indent}    `;
  const lines = Array.isArray(value)
    ? value.map((entry) => inner + python(entry, inner))
    : Object.entries(value).map(
        ([key, entry]) => `${inner}${JSON.stringify(key)}: ${python(entry, inner)}`,
      );
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return `${open}\n${lines.join(",\n")},\n${indent}${close}`;
}

function flatten(value: Json): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(flatten).join(", ")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  const pairs = Object.entries(value).map(
    ([key, entry]) => `${JSON.stringify(key)}: ${flatten(entry)}`,
  );
  return `{${pairs.join(", ")}}`;
}
