import { isFunction } from "../descent/descent";
import { valueAt, withLearningRate, withSeed, withValue } from "../draft/edits";
import type { Document, Json, Plan } from "../wire/plan";
import type { Params, WordKey } from "../words/words";

/** One difference that B may have from A: what it is called, and B's document. */
export interface Choice {
  id: string;
  words: WordKey;
  params: Params;
  document: Document;
}

type Layer = { [key: string]: Json };

const ACTIVATIONS = ["tanh", "relu", "sigmoid"];
const OPTIMIZERS = ["sgd", "adam"];
const ORDERS = {
  shuffled: "pairShuffled",
  sorted: "pairSorted",
  stratified: "pairStratified",
} as const;
const FACTOR = 10;
const DROPPED = 0.2;

/** Everything that can be asked of this network, in the order of the menu. */
export function choices(document: Document, plan: Plan): Choice[] {
  if (isFunction(plan)) {
    return [...optimizers(document, plan), ...rates(document, plan), ...schedules(document)];
  }
  return [
    ...activations(document),
    ...normalization(document),
    ...optimizers(document, plan),
    ...rates(document, plan),
    ...schedules(document),
    ...orders(document, plan),
    ...start(document),
    ...depth(document),
    ...dropout(document),
    ...seeds(document, plan),
  ];
}

/** Names of the layers of `beside` that are not the same in `plan`. */
export function changedLayers(plan: Plan, beside: Plan): Set<string> {
  const told = new Map(plan.layers.map((layer) => [layer.name, tell(layer)]));
  return new Set(
    beside.layers.filter((layer) => told.get(layer.name) !== tell(layer)).map(({ name }) => name),
  );
}

function tell({ type, output, fields }: Plan["layers"][number]): string {
  return JSON.stringify([type, output, fields]);
}

function activations(document: Document): Choice[] {
  const layers = hidden(document);
  const now = String(layers[0]?.["activation"] ?? "");
  if (!ACTIVATIONS.includes(now)) return [];
  return ACTIVATIONS.filter((name) => name !== now).map((to) => ({
    id: `activation ${to}`,
    words: "pairActivation",
    params: { from: now, to },
    document: mapped(document, (layer) =>
      layer["activation"] === now ? [{ ...layer, activation: to }] : [layer],
    ),
  }));
}

function normalization(document: Document): Choice[] {
  const layers = listOf(document);
  if (layers.some((layer) => typeOf(layer) === "batch_norm") || !hidden(document).length) return [];
  const document2 = mapped(document, (layer) =>
    isHidden(layer) ? [layer, "batch_norm"] : [layer],
  );
  return [{ id: "normalization", words: "pairNorm", params: {}, document: document2 }];
}

function optimizers(document: Document, plan: Plan): Choice[] {
  const now = String(plan.train.optimizer["type"]);
  const learning_rate = Number(plan.train.optimizer["learning_rate"]);
  return OPTIMIZERS.filter((type) => type !== now).map((to) => ({
    id: `optimizer ${to}`,
    words: "pairOptimizer",
    params: { from: now, to },
    document: withValue(document, ["train", "optimizer"], { type: to, learning_rate }),
  }));
}

function rates(document: Document, plan: Plan): Choice[] {
  const written = valueAt(document, ["train", "optimizer", "learning_rate"]);
  const now = Number(written ?? plan.train.optimizer["learning_rate"]);
  return [now * FACTOR, now / FACTOR].map((rate) => {
    const to = Number(rate.toPrecision(3));
    const params = { from: now, to };
    return {
      id: `rate ${to > now ? "up" : "down"}`,
      words: "pairRate",
      params,
      document: withLearningRate(document, to),
    };
  });
}

function schedules(document: Document): Choice[] {
  if (valueAt(document, ["train", "schedule"]) !== undefined) return [];
  const falling = withValue(document, ["train", "schedule"], { type: "cosine" });
  return [{ id: "schedule", words: "pairSchedule", params: {}, document: falling }];
}

/** Only of classes can the samples be sorted or evenly mixed. */
function orders(document: Document, plan: Plan): Choice[] {
  if (plan.data?.task !== "classification") return [];
  const now = String(valueAt(document, ["train", "order"]) ?? "shuffled");
  return (Object.keys(ORDERS) as (keyof typeof ORDERS)[])
    .filter((order) => order !== now)
    .map((order) => ({
      id: `order ${order}`,
      words: ORDERS[order],
      params: {},
      document: withValue(document, ["train", "order"], order),
    }));
}

/** All parameters zero: units that start alike stay alike. */
function start(document: Document): Choice[] {
  const layers = hidden(document);
  if (!layers.length || layers.some((layer) => layer["init"] !== undefined)) return [];
  const zeros = mapped(document, (layer) => [
    isHidden(layer) ? { ...layer, init: "zeros" } : layer,
  ]);
  return [{ id: "start", words: "pairStart", params: {}, document: zeros }];
}

function depth(document: Document): Choice[] {
  const last = hidden(document).findLast((layer) => typeOf(layer) === "linear");
  if (!last) return [];
  const { name: _, ...copy } = last;
  const deeper = mapped(document, (layer) => (layer === last ? [layer, copy] : [layer]));
  return [{ id: "depth", words: "pairDepth", params: {}, document: deeper }];
}

function dropout(document: Document): Choice[] {
  if (!hidden(document).length) return [];
  const layer = { type: "dropout", rate: DROPPED };
  const sparse = mapped(document, (each) => (isHidden(each) ? [each, layer] : [each]));
  return [{ id: "dropout", words: "pairDropout", params: { rate: DROPPED }, document: sparse }];
}

function seeds(document: Document, plan: Plan): Choice[] {
  const to = plan.train.seed + 1;
  return [{ id: "seed", words: "pairSeed", params: { to }, document: withSeed(document, to) }];
}

function listOf(document: Document): Json[] {
  const layers = valueAt(document, ["network", "layers"]);
  return Array.isArray(layers) ? layers : [];
}

function mapped(document: Document, change: (layer: Layer) => Json[]): Document {
  const layers = listOf(document).flatMap((layer) => (isObject(layer) ? change(layer) : [layer]));
  return withValue(document, ["network", "layers"], layers);
}

/** Layers with weights and an activation of their own: all but the last of a plain net. */
function hidden(document: Document): Layer[] {
  return listOf(document).filter(isObject).filter(isHidden);
}

function isHidden(layer: Layer): boolean {
  const known = ["linear", "conv2d"].includes(typeOf(layer));
  return known && typeof layer["activation"] === "string";
}

function typeOf(layer: Json): string {
  return isObject(layer) ? String(layer["type"] ?? "") : String(layer);
}

function isObject(value: Json): value is Layer {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
