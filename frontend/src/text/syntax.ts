import type { Json } from "../wire/plan";
import { writeJson } from "./json";
import { writeYaml } from "./yaml";

export type Syntax = "yaml" | "json";

export function write(document: Json, syntax: Syntax): string {
  return syntax === "json" ? writeJson(document) : writeYaml(document);
}

/** JSON begins with a bracket and keeps its keys in quotes; what does not is YAML. */
export function syntaxOf(text: string): Syntax {
  return /^\s*[{[]\s*(["[\]}]|$)/.test(text) ? "json" : "yaml";
}
