import { keysOf } from "../draft/pointer";
import { variantOf } from "../forms/variants";
import { valueAt, withValue } from "../draft/edits";
import type { Document, Json, Plan } from "../wire/plan";
import type { Variable } from "./variables";

const OPTIMIZER = ["train", "optimizer"];

/** The document with what is varied written out, so that each pointer leads to something. */
export function explicit(
  document: Document,
  plan: Plan,
  variables: readonly Pick<Variable, "path" | "now">[],
): Document {
  const paths = variables.map(({ path }) => path);
  const moved = paths.some((path) => path.startsWith("/train/optimizer/"));
  const types = paths.includes("/train/optimizer/type");
  return variables.reduce<Document>(
    (written, { path, now }) => placed(written, keysOf(path), now, "") as Document,
    moved ? withOptimizer(document, plan, types) : document,
  );
}

/** With its type; where that changes, without the fields that only one type has. */
function withOptimizer(document: Document, plan: Plan, bare: boolean): Document {
  const { type = null, learning_rate: rate = null } = plan.train.optimizer;
  const written = variantOf(valueAt(document, OPTIMIZER) ?? type);
  return withValue(document, OPTIMIZER, bare ? { type, learning_rate: rate } : written);
}

function placed(here: Json | undefined, keys: readonly string[], value: Json, key: string): Json {
  const [next, ...rest] = keys;
  if (next === undefined) return value;
  if (Array.isArray(here)) {
    return here.map((each, at) => (at === Number(next) ? placed(each, rest, value, next) : each));
  }
  const object = opened(here, key);
  return { ...object, [next]: placed(object[next], rest, value, next) };
}

/** A bare word is short for an object with that type; of the data, with that name. */
function opened(here: Json | undefined, key: string): Document {
  if (typeof here === "string") return key === "data" ? { name: here } : { type: here };
  return here !== null && typeof here === "object" && !Array.isArray(here) ? here : {};
}
