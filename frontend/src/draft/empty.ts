import type { Catalogue, LayerKind } from "../wire/catalogue";
import type { Document, Json, Plan } from "../wire/plan";
import { withValue } from "./edits";
import { asEntry, withNames } from "./names";
import { type Offer, ranked, starting, takes } from "./offers";
import { layersOf } from "./structure";

/** A document with the same data, and nothing between input and output. */
export function emptied({ spec = "nn/1", data }: Document): Document {
  return { spec, ...(data === undefined ? {} : { data }), network: { layers: [] } };
}

/** Whether nothing has been put between input and output yet. */
export function isEmpty(document: Document): boolean {
  const network = document["network"];
  const written = network !== null && typeof network === "object" && !Array.isArray(network);
  return written && Array.isArray(network["layers"]) && network["layers"].length === 0;
}

/** The smallest net on the document's data: what is asked about to learn what the data are. */
export function outliningDocument({ spec = "nn/1", data }: Document): Document {
  return {
    spec,
    ...(data === undefined ? {} : { data }),
    network: { layers: ["flatten", "linear"] },
  };
}

/** A plan of the data alone. */
export function outlined(plan: Plan): Plan {
  const { output: _, ...rest } = plan;
  return { ...rest, layers: [], advice: [], totals: { parameters: 0, multiply_adds: 0 } };
}

/** The one joint of an empty canvas, as it stands in the state where its choice is open. */
export const EMPTY_JOINT = "input output";
const FIRST = { beside: "/network/layers/0", side: "before", reads: "input" } as const;
const ENDING: readonly Json[] = ["flatten", "linear"];

/** Every kind of layer as the first one, those that can read the data before the others. */
export function firstOffers(catalogue: Catalogue, plan: Plan): Offer[] {
  const input = plan.data?.input ?? [];
  const offers = catalogue.layers
    // What only ends a net is there already, as its output.
    .filter(({ type }) => type !== "flatten")
    .map((kind) => ({
      kind,
      gap: FIRST,
      shape: input,
      fits: takes(kind, input, plan) || flattens(kind, plan),
    }));
  return ranked(offers, input.length);
}

/** Whether the kind reads a row of numbers, which the data become first. */
function flattens(kind: LayerKind, plan: Plan): boolean {
  return (plan.data?.input.length ?? 1) > 1 && takes(kind, [1], plan);
}

/** The document with its first layer and an answer, whose size comes from the data. */
export function withFirst(document: Document, plan: Plan, kind: LayerKind): Document {
  const input = plan.data?.input ?? [];
  const row = input.length <= 1;
  const direct = takes(kind, input, plan);
  const layer = starting(kind, document, plan, direct ? input : [1]);
  const layers = direct ? [layer, ...(row ? ["linear"] : ENDING)] : ["flatten", layer, "linear"];
  return withNames(withValue(document, ["network", "layers"], layers));
}

/** The document with nothing but an answer. */
export function withAnswer(document: Document, plan: Plan): Document {
  const layers = (plan.data?.input.length ?? 1) > 1 ? [...ENDING] : ["linear"];
  return withValue(document, ["network", "layers"], layers);
}

/** A net of which nothing but a change of shape is left is empty. */
export function withoutRemains(document: Document): Document {
  const bare = layersOf(document).every((layer) => asEntry(layer)["type"] === "flatten");
  return bare ? withValue(document, ["network", "layers"], []) : document;
}
