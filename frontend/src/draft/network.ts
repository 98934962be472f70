import { ALL_TERMS } from "../layers/features/terms";
import type { Card } from "../layout/cards";
import { cards } from "../layout/cards";
import type { Document, Json, Plan, PlannedLayer } from "../wire/plan";
import { withoutRemains } from "./empty";
import { asEntry } from "./names";
import { valueUnder } from "./pointer";
import { ownPlaceOf, placeOf, withField, withLayer, withoutLayer } from "./structure";

const SIZES: readonly string[] = ["units", "filters"];
const FIRST_UNITS = 8;
const KEPT_WITHOUT_HOST: ReadonlySet<string> = new Set(["flatten"]);

/** The field that says how many units or filters a layer has; null where nothing does. */
export function sizeField(layer: PlannedLayer): string | null {
  return SIZES.find((field) => typeof layer.fields[field] === "number") ?? null;
}

/** How many units or filters a card has as written now; null where it is not to be said here. */
export function sizeOf(document: Document, card: Card): number | null {
  const [layer] = card.parts;
  const field = layer && sizeField(layer);
  const source = layer && ownPlaceOf(document, layer);
  if (!field || !source) return null;
  const written = asEntry(valueUnder(document, source))[field];
  // What the data or an argument of a block decides is not changed at the card.
  return typeof written === "number" ? written : null;
}

/** A card with so many units or filters more or fewer; never fewer than one. */
export function withSize(document: Document, card: Card, by: number): Document {
  const [layer] = card.parts;
  const field = layer && sizeField(layer);
  const source = layer && placeOf(document, layer);
  const size = sizeOf(document, card);
  if (!field || !source || size === null || size + by < 1) return document;
  return withField(document, source, field, size + by);
}

/** A card may go; the answer, whose size comes from the data, only as the last of all. */
export function isRemovable(all: readonly Card[], name: string): boolean {
  const card = all.find((each) => each.name === name);
  if (!card?.parts.length || card.type === "input") return false;
  // One of several networks stays one: what it ends in is read by the others.
  const own = all.filter(({ network }) => network === card.network);
  if (card !== own.at(-1)) return true;
  return card.network === null && own.every((each) => each === card || each.type === "input");
}

/**
 * The document without a card: its layer and what is fused onto it, but for `flatten`. Where it
 * made a row of several axes, a `flatten` does so instead.
 */
export function withoutCard(document: Document, plan: Plan, card: Card): Document {
  const gone = card.parts.filter((part, index) => index === 0 || !KEPT_WITHOUT_HOST.has(part.type));
  // From the last on, so that the places of those before stay true.
  const left = gone.toReversed().reduce(
    (rest, part) => {
      const source = placeOf(rest, part);
      return source ? withoutLayer(rest, source) : rest;
    },
    flattened(document, plan, card),
  );
  return left === document ? document : withoutRemains(left);
}

/** With a `flatten` before a card that is to go, where nothing else makes a row for its reader. */
function flattened(document: Document, plan: Plan, card: Card): Document {
  const [first] = card.parts;
  const beside = first && placeOf(document, first);
  const read = plan.layers.find(({ name }) => name === first?.inputs[0])?.output;
  const input = read ?? inputShape(plan, first?.inputs[0]) ?? [];
  const stays = card.parts.some(({ type }) => KEPT_WITHOUT_HOST.has(type));
  const row = card.parts.at(-1)?.output.length === 1;
  if (!first || !beside || !row || stays || input.length < 2 || first.inputs.length > 1) {
    return document;
  }
  const reads = first.inputs[0]?.split("/").at(-1) ?? "input";
  return withLayer(document, { beside, side: "before", reads }, "flatten");
}

/** The shape under the name of an input; the first one's without a name. */
export function inputShape(plan: Plan, name: string | undefined): number[] | undefined {
  return (plan.networks && name ? plan.inputs?.[name] : undefined) ?? plan.data?.input;
}

/** The cards between the input and the answer. */
export function hiddenCards(plan: Plan): Card[] {
  return cards(plan).filter(
    (card, index, all) => !["input", "features"].includes(card.type) && index < all.length - 1,
  );
}

/** One more hidden layer before the answer, like the last one of its kind. */
export function withDeeper(document: Document, plan: Plan): Document {
  const answer = cards(plan).at(-1)?.parts[0];
  const beside = answer && placeOf(document, answer);
  if (!answer || !beside) return document;
  const gap = { beside, side: "before" as const, reads: answer.inputs[0] ?? "input" };
  return withLayer(document, gap, hiddenLike(document, plan));
}

/** One hidden layer less, the last of them. */
export function withShallower(document: Document, plan: Plan): Document {
  const last = hiddenCards(plan).at(-1);
  return last ? withoutCard(document, plan, last) : document;
}

function hiddenLike(document: Document, plan: Plan): Json {
  const dense = plan.layers.slice(0, -1).filter((layer) => layer.type === "linear");
  const model = dense.at(-1);
  const source = model && placeOf(document, model);
  const {
    name: _,
    from: __,
    ...written
  } = asEntry(source ? valueUnder(document, source) : undefined);
  if (written["type"] === "linear") return written;
  return { type: "linear", units: FIRST_UNITS, activation: readsPicture(plan) ? "relu" : "tanh" };
}

function readsPicture(plan: Plan): boolean {
  return plan.data?.input.length === 3;
}

/** A term switched on or off, in the order in which they stand; the last one stays on. */
export function withTerm(document: Document, plan: Plan, term: string): Document {
  const first = plan.layers[0];
  const source = first?.type === "features" ? placeOf(document, first) : null;
  const written = source ? asEntry(valueUnder(document, source))["terms"] : ["x", "y"];
  const on = Array.isArray(written) ? written.map(String) : ["x", "y"];
  const terms = on.includes(term)
    ? on.filter((each) => each !== term)
    : [...on, term].toSorted((a, b) => ALL_TERMS.indexOf(a) - ALL_TERMS.indexOf(b));
  if (!terms.length) return document;
  if (source) return withField(document, source, "terms", terms);
  const gap = { beside: "/network/layers/0", side: "before" as const, reads: "input" };
  return withLayer(document, gap, { type: "features", terms });
}

/** Every layer that has the field starts so; a bare word where a start needs no more. */
export function withInit(document: Document, plan: Plan, init: Json): Document {
  return plan.layers
    .filter((layer) => "init" in layer.fields)
    .reduce((rest, layer) => {
      const source = ownPlaceOf(rest, layer);
      return source ? withField(rest, source, "init", init) : rest;
    }, document);
}
