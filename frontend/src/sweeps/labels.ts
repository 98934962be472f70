import { keysOf, placeIn, valueUnder } from "../draft/pointer";
import { namesIn } from "../draft/names";
import { formatRate } from "../numbers/format";
import { type Language } from "../words/words";
import { termIn } from "../words/terms";
import type { Document, Json } from "../wire/plan";
import type { Goal, Member } from "../wire/sweeps";
import { writeGoal } from "./goals";
import { writeValue } from "./numbers";

/** What a pointer into a document is called in few signs: `learning rate`, `linear_1 · units`. */
export function labelOf(path: string, document: Document, language: Language): string {
  const keys = keysOf(path);
  const last = keys.at(-1) ?? "";
  const name = last === "type" ? (keys.at(-2) ?? last) : last;
  const layer = layerOf(path, document);
  const term = termIn(language, name);
  return layer ? `${layer} · ${term}` : term;
}

/** The layer that a pointer leads into; null outside the networks. */
function layerOf(path: string, document: Document): string | null {
  const entry = /^(.*\/layers\/\d+)(\/|$)/.exec(path)?.[1];
  if (!entry) return null;
  const { list, index } = placeIn(entry);
  const layers = valueUnder(document, list);
  return Array.isArray(layers) ? (namesIn(layers)[index] ?? null) : null;
}

/** A value as it stands on an axis. */
export function valueSaid(
  value: Json | undefined,
  path: string | null,
  language: Language,
): string {
  const positive = typeof value === "number" && value > 0;
  if (positive && path?.endsWith("rate")) return formatRate(value);
  return typeof value === "string" ? termIn(language, value) : writeValue(value);
}

/** The values of a member in one line. */
export function valuesSaid(
  { values }: Pick<Member, "values">,
  document: Document,
  language: Language,
): string {
  return Object.entries(values)
    .map(([path, value]) => {
      const said = valueSaid(value, path, language);
      return `${labelOf(path, document, language)} ${said}`;
    })
    .join(", ");
}

/** A value on one of the axes; on the last it is one of the goal. */
export function valueOnAxis(
  value: Json,
  { path }: { path: string | null },
  goal: Pick<Goal, "series">,
  language: Language,
): string {
  if (path === null) return typeof value === "number" ? writeGoal(value, goal) : "";
  return valueSaid(value, path, language);
}
