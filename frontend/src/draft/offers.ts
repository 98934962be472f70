import type { Catalogue, LayerKind, Schema } from "../wire/catalogue";
import type { Card } from "../layout/cards";
import type { Document, Json, Plan, PlannedLayer } from "../wire/plan";
import { asEntry } from "./names";
import { inputShape } from "./network";
import { valueUnder } from "./pointer";
import { othersFor } from "./shortcut";
import { type Gap, placeOf } from "./structure";

/** A kind of layer at a joint: where in it the layer would go, and whether it fits there. */
export interface Offer {
  kind: LayerKind;
  gap: Gap;
  /** What flows through the gap. */
  shape: readonly number[];
  fits: boolean;
}

/** A gap with the shape that flows through it. */
interface Opening {
  gap: Gap;
  shape: number[];
}

const MOST_OFFERS = 8;
// What people put in most, first; kinds that nobody has ranked follow in the catalogue's order.
const LIKED: Readonly<Record<number, readonly string[]>> = {
  1: ["linear", "dropout", "batch_norm", "relu", "tanh", "features", "layer_norm", "leaky_relu"],
  2: [
    "lstm",
    "gru",
    "attention",
    "positional_encoding",
    "conv1d",
    "layer_norm",
    "dropout",
    "linear",
  ],
  3: ["conv2d", "max_pool2d", "batch_norm", "dropout", "avg_pool2d", "relu", "flatten", "linear"],
};
const STARTS: Readonly<Record<string, Json>> = { units: 8, filters: 16, activation: "relu" };

/** The gaps between two cards from left to right: before each layer fused onto the first, and on. */
export function openings(document: Document, plan: Plan, from: Card, to: Card): Opening[] {
  const byName = new Map(plan.layers.map((layer) => [layer.name, layer]));
  const chain: PlannedLayer[] = [];
  let reader = to.parts[0];
  while (reader && reader !== from.parts[0]) {
    chain.unshift(reader);
    const before: PlannedLayer | undefined = byName.get(partRead(reader, from, byName) ?? "");
    if (!before || !from.parts.includes(before)) break;
    reader = before;
  }
  return chain.flatMap((layer) => openingBefore(document, plan, layer, from, byName));
}

/** Of several inputs the one that leads to the card. */
function partRead(
  layer: PlannedLayer,
  from: Card,
  byName: ReadonlyMap<string, PlannedLayer>,
): string | undefined {
  return (
    layer.inputs.find((name) => from.parts.some((part) => part.name === name)) ??
    layer.inputs.find((name) => byName.has(name))
  );
}

function openingBefore(
  document: Document,
  plan: Plan,
  layer: PlannedLayer,
  from: Card,
  byName: ReadonlyMap<string, PlannedLayer>,
): Opening[] {
  const read = partRead(layer, from, byName) ?? layer.inputs[0] ?? "input";
  const source = byName.get(read);
  const beside = placeOf(document, layer);
  const shape = source?.output ?? inputShape(plan, read) ?? [];
  const reads = read.split("/").at(-1) ?? read;
  if (!beside) return [];
  if (!isComposite(document, beside)) {
    return [{ gap: { beside, side: "before", reads }, shape }];
  }
  // What ends a composite stands for all of it: its last layer is followed inside the body.
  const inside = source && placeOf(document, source);
  if (!inside?.startsWith(`${beside}/`)) return [];
  return [{ gap: { beside: inside, side: "after", reads }, shape }];
}

function isComposite(document: Document, source: string): boolean {
  const entry = asEntry(valueUnder(document, source));
  return "body" in entry || "branches" in entry || "use" in entry;
}

/** Every kind of layer at the joint of two cards: those that fit first, best liked first. */
export function offersAt(
  catalogue: Catalogue,
  document: Document,
  plan: Plan,
  joint: { from: Card; to: Card },
): Offer[] {
  const open = openings(document, plan, joint.from, joint.to);
  const last = open.at(-1);
  if (!last) return [];
  const rank = open[0]?.shape.length ?? 1;
  const all = catalogue.layers.map((kind) => {
    const place = open.findLast(
      ({ gap, shape }) =>
        takes(kind, shape, plan) || othersFor(kind.type, document, plan, gap).length > 0,
    );
    return { kind, ...(place ?? last), fits: place !== undefined };
  });
  return ranked(all, rank);
}

/** Those that fit first, and of them those that people put in most at such a shape. */
export function ranked(offers: readonly Offer[], rank: number): Offer[] {
  const order = LIKED[rank] ?? [];
  const place = ({ kind }: Offer): number => {
    const at = order.indexOf(kind.type);
    return at < 0 ? order.length : at;
  };
  return offers.toSorted((a, b) => Number(b.fits) - Number(a.fits) || place(a) - place(b));
}

/** The eight that fit best, or of all of them those whose words hold what was typed. */
export function chosenOffers(
  offers: readonly Offer[],
  typed: string,
  words: (kind: LayerKind) => string,
): Offer[] {
  const wanted = typed.trim().toLowerCase();
  if (!wanted) return offers.filter(({ fits }) => fits).slice(0, MOST_OFFERS);
  return offers.filter(({ kind }) =>
    `${kind.type} ${kind.family} ${words(kind)}`.toLowerCase().includes(wanted),
  );
}

/** Whether a kind of layer reads one input of such a shape. */
export function takes(kind: LayerKind, shape: readonly number[], plan: Plan): boolean {
  // No data of the service are whole numbers; what reads those is for nets written as text.
  if (kind.inputs.fewest > 1 || kind.integers) return false;
  if (kind.type === "features") {
    return shape.length === 1 && shape[0] === 2 && plan.layers[0]?.type !== "features";
  }
  if (kind.type === "flatten") return shape.length > 1;
  return kind.ranks.length === 0 || kind.ranks.includes(shape.length);
}

/** What leaves a shape as it is, of kinds whose fields follow from it. */
const NEUTRAL: Readonly<Record<string, (shape: readonly number[]) => { [field: string]: Json }>> = {
  reshape: (shape) => ({ shape: [-1, ...shape.slice(1)] }),
  permute: (shape) => ({ axes: shape.map((_, axis) => axis) }),
  pad: (shape) => ({ sides: shape.slice(1).map(() => [0, 0]) }),
};

/**
 * A layer of a kind to start with where such a shape flows: one that leaves it, or like the
 * nearest one of its kind, else with what it needs.
 */
export function starting(
  kind: LayerKind,
  document: Document,
  plan: Plan,
  shape: readonly number[],
): Json {
  const neutral = NEUTRAL[kind.type];
  if (neutral) return { type: kind.type, ...neutral(shape) };
  const ends = new Set(Object.values(plan.networks ?? {}).map(({ output }) => output));
  const alike = plan.layers
    .slice(0, -1)
    .filter((layer) => layer.type === kind.type && !ends.has(layer.name))
    .at(-1);
  const source = alike && placeOf(document, alike);
  const {
    name: _,
    from: __,
    ...written
  } = asEntry(source ? valueUnder(document, source) : undefined);
  if (written["type"] === kind.type) return Object.keys(written).length > 1 ? written : kind.type;
  const wanted = Object.keys(kind.fields).filter(
    (field) => kind.required.includes(field) || (field in STARTS && kind.family !== "norm"),
  );
  const fields = wanted.map((field) => [field, STARTS[field] ?? least(kind.fields[field])]);
  return wanted.length ? { type: kind.type, ...Object.fromEntries(fields) } : kind.type;
}

function least(schema: Schema | undefined): Json {
  return schema?.default ?? schema?.enum?.[0] ?? schema?.minimum ?? 1;
}

/** Where a card may be dragged to: every joint that takes its kind and is not its own. */
export function gapFor(
  kind: LayerKind | undefined,
  document: Document,
  plan: Plan,
  card: Card,
  joint: { from: Card; to: Card },
): Gap | null {
  if (!kind || joint.from.name === card.name || joint.to.name === card.name) return null;
  if (joint.to.network !== card.network) return null;
  const open = openings(document, plan, joint.from, joint.to);
  return open.findLast(({ shape }) => takes(kind, shape, plan))?.gap ?? null;
}
