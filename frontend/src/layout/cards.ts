import { inputOf, lanesOf } from "../lanes/lanes";
import { ALL_TERMS, termsOf } from "../layers/features/terms";
import type { Json, Plan, PlannedLayer } from "../wire/plan";
import { type Band, bandsOf } from "./bands";
import { type Fold, folded, isDeep } from "./folding";

/** How much of a layer is drawn: every unit, a grid of fields or maps, cells, bars, matrices, a slab, its name. */
export type Level =
  "units" | "fields" | "maps" | "cells" | "bars" | "picture" | "bands" | "words" | "slab" | "plain";

/** A layer with those fused onto it, before it has a place. */
export interface Card {
  name: string;
  /** The network of several that it belongs to. */
  network: string | null;
  type: string;
  level: Level;
  /** The layer whose output the card shows. */
  shows: string;
  shape: number[];
  parameters: number;
  fields: PlannedLayer["fields"];
  /** Short names of what is fused onto it, in order. */
  chips: string[];
  /** Names of the cards it reads. */
  from: string[];
  /** JSON pointer into the document. */
  source: string;
  /** The layers that it stands for: its own, then those fused onto it. */
  parts: PlannedLayer[];
  /** What it shows as matrices, such as gates a step. */
  bands: Band[];
  /** Terms of a point that the net could read beside those that it reads. */
  off: string[];
  /** What it stands for in a deep net. */
  fold?: Fold;
}

export const ACTIVATIONS: ReadonlySet<string> = new Set(
  `identity step sigmoid tanh relu leaky_relu prelu rrelu elu gelu silu softplus softmax
  log_softmax maxout`.split(/\s+/),
);
const NORMS: ReadonlySet<string> = new Set(
  "batch_norm layer_norm group_norm local_response_norm".split(" "),
);
const QUIET: ReadonlySet<string> = new Set(["flatten", "dropout", "dropout2d", "gaussian_noise"]);
const RESHAPES: ReadonlySet<string> = new Set(["flatten", "reshape"]);
const SHORT: Readonly<Record<string, string>> = { batch_norm: "BN", layer_norm: "LN" };
const MOST_UNITS = 16;
const MOST_FIELDS = 64;
const MOST_WORDS = 24;

// Every picture asks for the cards of the plan on show, a deep one at each move of the pointer.
const fusedOf = new WeakMap<Plan, Card[]>();
const shownOf = new WeakMap<Plan, { opened: readonly string[]; all: Card[] }>();

/** Fuses activations, normalizations, dropout and flatten onto the card before them. */
export function cards(plan: Plan): Card[] {
  const before = fusedOf.get(plan);
  if (before) return before;
  const all = plan.networks ? lanedCards(plan) : cardsOf(plan);
  fusedOf.set(plan, all);
  return all;
}

function lanedCards(plan: Plan): Card[] {
  return lanesOf(plan).flatMap(({ name, plan: own }) =>
    cardsOf(own).map((card) => ({ ...card, network: name })),
  );
}

/** The cards as they are shown: of a deep net as slabs, its composites folded. */
export function shownCards(plan: Plan, opened: readonly string[]): Card[] {
  const before = shownOf.get(plan);
  if (before?.opened === opened) return before.all;
  const fused = cards(plan);
  const all = isDeep(plan, fused) ? folded(fused, opened) : fused;
  shownOf.set(plan, { opened, all });
  return all;
}

function cardsOf(plan: Plan): Card[] {
  const made = new Map<string, Card>();
  const home = new Map<string, string>();
  if (plan.layers[0]?.type !== "features") addInput(plan, made, home);
  for (const layer of plan.layers) place(layer, made, home);
  const shapes = new Map(plan.layers.map(({ name, output }) => [name, output]));
  const shapeOf = (name: string) => shapes.get(name) ?? plan.inputs?.[name] ?? inputShape(plan);
  const banded = [...made.values()].map((card) => ({ ...card, bands: bandsOn(card, shapeOf) }));
  const isNarrowNet = isNarrow(banded);
  const all = banded.map((card, index): Card => {
    return { ...card, level: levelOf(card, plan, index === banded.length - 1, isNarrowNet) };
  });
  const terms = termsOf(plan);
  const first = all[0];
  if (terms && first?.level === "units")
    first.off = ALL_TERMS.filter((term) => !terms.includes(term));
  return all;
}

function addInput(plan: Plan, made: Map<string, Card>, home: Map<string, string>): void {
  const first = inputOf(plan);
  const others = Object.entries(plan.inputs ?? {}).slice(1);
  for (const [name, shape] of [[first, inputShape(plan)] as const, ...others]) {
    made.set(name, inputCard(name, shape));
    home.set(name, name);
  }
}

/** What the net reads: as the data are, else as the document says. */
function inputShape(plan: Plan): number[] {
  return plan.data?.input ?? plan.inputs?.[inputOf(plan)] ?? [];
}

function inputCard(name: string, shape: number[]): Card {
  return {
    name,
    network: null,
    type: "input",
    level: "plain",
    shows: name,
    shape,
    parameters: 0,
    fields: {},
    chips: [],
    from: [],
    source: "",
    parts: [],
    bands: [],
    off: [],
  };
}

function place(layer: PlannedLayer, made: Map<string, Card>, home: Map<string, string>): void {
  const host = fusesOnto(layer, made, home);
  if (host) fuse(layer, host);
  else made.set(layer.name, cardOf(layer, home));
  home.set(layer.name, host?.name ?? layer.name);
}

function fusesOnto(
  layer: PlannedLayer,
  made: Map<string, Card>,
  home: Map<string, string>,
): Card | undefined {
  const fuses = [ACTIVATIONS, NORMS, QUIET].some((types) => types.has(layer.type));
  // The rows of a picture are read where it stands.
  const rows = layer.type === "reshape" && layer.inputs[0] === "input";
  if (!fuses && !rows) return;
  const before = layer.inputs.length === 1 ? home.get(layer.inputs[0] ?? "") : undefined;
  const host = before === undefined ? undefined : made.get(before);
  return host?.type === "input" && !RESHAPES.has(layer.type) ? undefined : host;
}

function fuse(layer: PlannedLayer, host: Card): void {
  host.parameters += layer.parameters;
  host.parts.push(layer);
  if (!RESHAPES.has(layer.type)) host.chips.push(SHORT[layer.type] ?? layer.type);
  if (layer.output.length === host.shape.length) host.shows = layer.name;
}

function cardOf(layer: PlannedLayer, home: Map<string, string>): Card {
  const activation = layer.fields["activation"];
  return {
    name: layer.name,
    network: null,
    type: layer.type,
    level: "plain",
    shows: layer.name,
    shape: layer.output,
    parameters: layer.parameters,
    fields: layer.fields,
    chips: typeof activation === "string" && activation !== "identity" ? [activation] : [],
    from: [...new Set(layer.inputs.flatMap((input) => homeOf(input, home) ?? []))],
    source: layer.source,
    parts: [layer],
    bands: [],
    off: [],
  };
}

/** The card of a value; `layer.extra` is one that a layer gives beside its output. */
function homeOf(name: string, home: ReadonlyMap<string, string>): string | undefined {
  return home.get(name) ?? home.get(name.slice(0, name.lastIndexOf(".")));
}

function bandsOn({ type, shape, parts }: Card, shapeOf: (name: string) => number[]): Band[] {
  const [layer] = parts;
  if (type === "input") return bandsOf({ type, output: shape, fields: {} }, []);
  return layer ? bandsOf(layer, layer.inputs.map(shapeOf)) : [];
}

function levelOf(card: Card, plan: Plan, isLast: boolean, narrow: boolean): Level {
  // Without data there is nothing that could stand on a card.
  if (!plan.data && !plan.function) return "plain";
  if (card.bands.length) return "bands";
  if (card.shape.length === 3) return card.type === "input" ? "picture" : "maps";
  if (card.shape.length > 1) return "plain";
  if (card.type === "input" && plan.data?.words && (card.shape[0] ?? 0) <= MOST_WORDS)
    return "words";
  if (narrow) return "units";
  if (isPlane(plan) && (card.shape[0] ?? 1) <= MOST_FIELDS) return "fields";
  return isLast && (plan.data?.classes.length ?? 0) > 2 ? "bars" : "cells";
}

/** Whether every layer is a vector short enough to draw each unit as a tile. */
export function isNarrow(all: readonly Card[]): boolean {
  return all.every(
    ({ shape, bands }) => shape.length <= 1 && (shape[0] ?? 1) <= MOST_UNITS && !bands.length,
  );
}

/** Whether a net reads points of the plane, so that each unit is a picture of it. */
function isPlane({ data }: Plan): boolean {
  return data?.input.length === 1 && data.input[0] === 2;
}

/** The name on a card: "conv 3×3", "pool 2", "linear". */
export function cardTitle(card: Card): string {
  if (card.type === "conv2d") return `conv ${windowOf(card.fields["kernel"], "3×3")}`;
  if (card.type === "conv_transpose2d") return `conv ↑ ${windowOf(card.fields["kernel"], "3×3")}`;
  if (card.type === "max_pool2d") return `pool ${sideOf(card.fields["size"])}`;
  if (card.type === "avg_pool2d") return `mean pool ${sideOf(card.fields["size"])}`;
  if (card.type === "positional_encoding") return "positions";
  return card.type.replaceAll("_", " ");
}

function windowOf(size: Json | undefined, otherwise: string): string {
  if (Array.isArray(size)) return size.join("×");
  return typeof size === "number" ? `${size}×${size}` : otherwise;
}

/** A square window by its side alone. */
function sideOf(size: Json | undefined): string {
  if (!Array.isArray(size)) return String(size ?? 2);
  return size[0] === size[1] ? String(size[0]) : size.join("×");
}
