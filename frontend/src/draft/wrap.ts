import type { Card } from "../layout/cards";
import type { Document, Json, Plan } from "../wire/plan";
import { asEntry, freshName, withNames } from "./names";
import { placeIn } from "./pointer";
import { layersOf, placeOf, withLayersRead } from "./structure";

export const WRAPPERS = ["residual", "repeat", "branches"] as const;
export type Wrapper = (typeof WRAPPERS)[number];

/** A card that can be put into a composite. */
export interface Wrap {
  wrapper: Wrapper;
  card: Card;
}

const TOP = "/network/layers";
const TWICE = 2;

/** What can be wrapped at a joint: the cards on its two sides. */
export function wrapsAt(
  document: Document,
  plan: Plan,
  { from, to }: { from: Card; to: Card },
): Wrap[] {
  return [from, to].flatMap((card) =>
    WRAPPERS.filter((wrapper) => canWrap(document, plan, card, wrapper)).map((wrapper) => ({
      wrapper,
      card,
    })),
  );
}

/** The document with a card and what is fused onto it as the body of a composite. */
export function withWrapped(document: Document, { wrapper, card }: Wrap): Document {
  const span = spanOf(document, card);
  if (!span) return document;
  const named = withNames(document);
  const entries = layersOf(named);
  const inner = entries.slice(span.first, span.last + 1);
  const name = freshName(entries, wrapper);
  const whole: Json = { type: wrapper, name, ...fieldsOf(wrapper, inner) };
  const answer = String(asEntry(inner.at(-1))["name"]);
  const rest = entries.toSpliced(span.first, inner.length, whole);
  return withLayersRead(named, rest, answer, name);
}

function fieldsOf(wrapper: Wrapper, inner: Json[]): { [field: string]: Json } {
  if (wrapper === "branches") return { branches: [inner, inner] };
  return wrapper === "repeat" ? { times: TWICE, body: inner } : { body: inner };
}

function canWrap(document: Document, plan: Plan, card: Card, wrapper: Wrapper): boolean {
  const span = spanOf(document, card);
  const [first] = card.parts;
  const last = card.parts.at(-1);
  // What answers has a size that only the data say.
  if (!span || !first || !last || last === plan.layers.at(-1) || first.type === "features") {
    return false;
  }
  const read = plan.layers.find(({ name }) => name === first.inputs[0])?.output;
  const input = read ?? plan.data?.input ?? [];
  if (input.length !== last.output.length) return false;
  if (input.join() === last.output.join() || wrapper === "branches") return true;
  return wrapper === "residual" && projects(input, last.output);
}

/** Whether a shortcut leads from one shape to the other: a projection, with a whole stride. */
function projects(start: readonly number[], end: readonly number[]): boolean {
  if (start.length !== 1 && start.length !== 3) return false;
  return end.slice(1).every((smaller, axis) => {
    const size = start[axis + 1] ?? 0;
    return smaller <= size && Math.ceil(size / Math.ceil(size / smaller)) === smaller;
  });
}

/** Where a card's layers stand one after the other, read by others only through the last. */
function spanOf(document: Document, card: Card): { first: number; last: number } | null {
  const places = card.parts.map((part) => placeOf(document, part) ?? "");
  if (!places.length || places.some((place) => placeIn(place).list !== TOP)) return null;
  const indices = places.map((place) => placeIn(place).index);
  const entries = layersOf(withNames(document)).map(asEntry);
  const [first = 0] = indices;
  const last = indices.at(-1) ?? 0;
  const inside = entries.slice(first, last + 1);
  const hidden = new Set(inside.slice(0, -1).map(({ name }) => name));
  const read = entries.flatMap(({ from }) => (Array.isArray(from) ? from : (from ?? [])));
  const plain = inside.every((entry) => !("from" in entry || "body" in entry || "use" in entry));
  const chain = indices.every((index, at) => index === first + at);
  return chain && plain && !read.some((name) => hidden.has(name)) ? { first, last } : null;
}
