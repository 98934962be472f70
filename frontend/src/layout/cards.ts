import { ALL_TERMS, termsOf } from "../layers/features/terms";
import type { Json, Plan, PlannedLayer } from "../wire/plan";

/** How much of a layer is drawn: every unit, a grid of maps, bare cells, bars, or its name. */
export type Level = "units" | "maps" | "cells" | "bars" | "picture" | "plain";

/** A layer with those fused onto it, before it has a place. */
export interface Card {
  name: string;
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
  /** Terms of a point that the net could read beside those that it reads. */
  off: string[];
}

export const ACTIVATIONS: ReadonlySet<string> = new Set(
  `identity step sigmoid tanh relu leaky_relu prelu rrelu elu gelu silu softplus softmax
  log_softmax maxout`.split(/\s+/),
);
const NORMS: ReadonlySet<string> = new Set(
  "batch_norm layer_norm group_norm local_response_norm".split(" "),
);
const QUIET: ReadonlySet<string> = new Set(["flatten", "dropout", "dropout2d", "gaussian_noise"]);
const SHORT: Readonly<Record<string, string>> = { batch_norm: "BN", layer_norm: "LN" };
const MOST_UNITS = 16;

/** Fuses activations, normalizations, dropout and flatten onto the card before them. */
export function cards(plan: Plan): Card[] {
  const made = new Map<string, Card>();
  const home = new Map<string, string>();
  if (plan.layers[0]?.type !== "features") addInput(plan, made, home);
  for (const layer of plan.layers) place(layer, made, home);
  const all = [...made.values()].map((card, index, all) => withLevel(card, plan, index, all));
  const terms = termsOf(plan);
  const first = all[0];
  if (terms && first?.level === "units")
    first.off = ALL_TERMS.filter((term) => !terms.includes(term));
  return all;
}

function addInput(plan: Plan, made: Map<string, Card>, home: Map<string, string>): void {
  const shape = plan.data?.input ?? [];
  made.set("input", {
    name: "input",
    type: "input",
    level: "plain",
    shows: "input",
    shape,
    parameters: 0,
    fields: {},
    chips: [],
    from: [],
    source: "",
    parts: [],
    off: [],
  });
  home.set("input", "input");
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
  if (!ACTIVATIONS.has(layer.type) && !NORMS.has(layer.type) && !QUIET.has(layer.type)) return;
  const before = layer.inputs.length === 1 ? home.get(layer.inputs[0] ?? "") : undefined;
  const host = before === undefined ? undefined : made.get(before);
  return host?.type === "input" && layer.type !== "flatten" ? undefined : host;
}

function fuse(layer: PlannedLayer, host: Card): void {
  host.parameters += layer.parameters;
  host.parts.push(layer);
  if (layer.type !== "flatten") host.chips.push(SHORT[layer.type] ?? layer.type);
  if (layer.output.length === host.shape.length) host.shows = layer.name;
}

function cardOf(layer: PlannedLayer, home: Map<string, string>): Card {
  const activation = layer.fields["activation"];
  return {
    name: layer.name,
    type: layer.type,
    level: "plain",
    shows: layer.name,
    shape: layer.output,
    parameters: layer.parameters,
    fields: layer.fields,
    chips: typeof activation === "string" && activation !== "identity" ? [activation] : [],
    from: layer.inputs.flatMap((input) => home.get(input) ?? []),
    source: layer.source,
    parts: [layer],
    off: [],
  };
}

function withLevel(card: Card, plan: Plan, index: number, all: Card[]): Card {
  return { ...card, level: levelOf(card, plan, index === all.length - 1, all) };
}

function levelOf(card: Card, plan: Plan, isLast: boolean, all: Card[]): Level {
  if (card.shape.length === 3) return card.type === "input" ? "picture" : "maps";
  if (card.shape.length > 1) return "plain";
  if (isNarrow(all)) return "units";
  return isLast && (plan.data?.classes.length ?? 0) > 2 ? "bars" : "cells";
}

/** Whether every layer is a vector short enough to draw each unit as a tile. */
export function isNarrow(all: readonly Card[]): boolean {
  return all.every((card) => card.shape.length <= 1 && (card.shape[0] ?? 1) <= MOST_UNITS);
}

/** The name on a card: "conv 3×3", "pool 2", "linear". */
export function cardTitle(card: Card): string {
  if (card.type === "conv2d") return `conv ${windowOf(card.fields["kernel"], "3×3")}`;
  if (card.type === "max_pool2d") return `pool ${sideOf(card.fields["size"])}`;
  if (card.type === "avg_pool2d") return `mean pool ${sideOf(card.fields["size"])}`;
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
