// Writes src/wire/types.ts from what the server says of itself; with --check it only compares.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const TARGET = fileURLToPath(new URL("../src/wire/types.ts", import.meta.url));
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const HEAD = "// Generated from the server's schema by `npm run types`; not to be edited.\n";
// `Event` is the browser's own word.
const RENAMED = { Event: "RunEvent" };

function schema() {
  const own = `${ROOT}.venv/bin/python`;
  const python = process.env.PYTHON ?? (existsSync(own) ? own : "python3");
  const options = { cwd: ROOT, encoding: "utf8", maxBuffer: 64e6 };
  return JSON.parse(execFileSync(python, ["-m", "gradus_server.schema"], options));
}

/** All definitions by name; what HTTP means otherwise by a name gets its own. */
function definitions({ openapi, schemas, unions }) {
  const found = new Map();
  // What the server sends stands first: of it every field is always there.
  for (const [name, body] of Object.entries(schemas)) found.set(nameOf(name), described(body));
  for (const { $defs = {} } of Object.values(unions)) addMissing(found, $defs, "Asked");
  addMissing(found, openapi.components.schemas, "Http");
  for (const [name, body] of Object.entries(unions)) found.set(name, described(body));
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}

function described(body) {
  return { text: typeOf(body), description: body.description };
}

function addMissing(found, bodies, prefix) {
  for (const [name, body] of Object.entries(bodies)) {
    const known = found.get(nameOf(name));
    if (!known) found.set(nameOf(name), described(body));
    else if (!alike(known.text, typeOf(body))) found.set(prefix + nameOf(name), described(body));
  }
}

/** Whether two types differ in nothing but which fields may be left out. */
function alike(one, other) {
  const plain = (text) => text.replaceAll("?:", ":");
  return plain(one) === plain(other);
}

function nameOf(name) {
  return RENAMED[name] ?? name.replace(/[^A-Za-z0-9]/g, "");
}

function typeOf(body) {
  if (body === true || Object.keys(body).length === 0) return "unknown";
  if (body.$ref) return nameOf(body.$ref.split("/").at(-1));
  if ("const" in body) return JSON.stringify(body.const);
  if (body.enum) return body.enum.map((value) => JSON.stringify(value)).join(" | ");
  const several = body.anyOf ?? body.oneOf ?? body.allOf;
  if (several) return [...new Set(several.map(typeOf))].join(body.allOf ? " & " : " | ");
  if (body.type === "array") return arrayOf(body);
  if (body.type === "object") return objectOf(body);
  return (
    { string: "string", number: "number", integer: "number", boolean: "boolean", null: "null" }[
      body.type
    ] ?? "unknown"
  );
}

function arrayOf({ items, prefixItems }) {
  if (prefixItems) return `[${prefixItems.map(typeOf).join(", ")}]`;
  const inner = typeOf(items ?? {});
  return /[ |&]/.test(inner) && !inner.startsWith("{") ? `(${inner})[]` : `${inner}[]`;
}

function objectOf({ properties, required = [], additionalProperties }) {
  if (!properties) {
    const value =
      typeof additionalProperties === "object" ? typeOf(additionalProperties) : "unknown";
    return `Record<string, ${value}>`;
  }
  const lines = Object.entries(properties).map(([name, body]) => {
    // A tag tells the members of a union apart, so it is always written.
    const always = required.includes(name) || "const" in body;
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
    return `  ${key}${always ? "" : "?"}: ${typeOf(body).replaceAll("\n", "\n  ")};`;
  });
  return lines.length ? `{\n${lines.join("\n")}\n}` : "Record<string, never>";
}

function written([name, { text, description }]) {
  const first = description?.split("\n\n")[0].replaceAll("\n", " ").replaceAll("*/", "* /");
  const comment = first ? `/** ${first} */\n` : "";
  const body =
    text.startsWith("{") && !/^}.+/m.test(text)
      ? `interface ${name} ${text}`
      : `type ${name} = ${text};`;
  return `${comment}export ${body}\n`;
}

const text = `${HEAD}\n${definitions(schema()).map(written).join("\n")}`;
if (!process.argv.includes("--check")) writeFileSync(TARGET, text);
else if (readFileSync(TARGET, "utf8") !== text) {
  console.error("src/wire/types.ts is stale: run `npm run types` in frontend/");
  process.exit(1);
}
