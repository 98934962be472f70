import { valueAt, withLearningRate, withValue } from "../draft/edits";
import { placeOf, withField } from "../draft/structure";
import type { State } from "../page/state";
import type { Verdict } from "../run/verdict";
import type { Document, Plan } from "../wire/plan";
import type { Params, WordKey } from "../words/words";
import { gentlerRate } from "./fork";

/** A cure: what it is called, the document with it, and from which step a run could go on with it. */
export interface Remedy {
  id: string;
  words: WordKey;
  params: Params;
  document: Document;
  /** Null where only a beginning from the untrained net would help. */
  step: number | null;
}

const LEAST_L2 = 0.001;
const STRONGER = 10;

/** What would help against a verdict on the run on show; null where the page knows nothing. */
export function remedyOf(state: State, verdict: Verdict): Remedy | null {
  if (!state.run || !state.plan) return null;
  if (verdict.code === "verdict.dead") return leaky(state, state.plan, state.run.step);
  if (verdict.code === "verdict.overfit") return decay(state, Number(verdict.params["since"] ?? 0));
  if (verdict.code === "verdict.rate_swings") return gentler(state, state.run.step);
  if (verdict.code === "verdict.rate_climbs") return gentler(state, null);
  if (verdict.code === "verdict.rate_jumps") return gentler(state, null);
  return null;
}

/** Leaky ReLU for ReLU everywhere: what answers 0 then still has a slope to come back on. */
function leaky(state: State, plan: Plan, step: number): Remedy | null {
  const swapped = withLeaky(state.document, plan);
  if (swapped === state.document) return null;
  const rate = gentlerRate(state);
  const document = withLearningRate(swapped, rate);
  return { id: "leaky", words: "remedyLeaky", params: { rate }, document, step };
}

export function withLeaky(document: Document, plan: Plan): Document {
  return plan.layers.reduce((rest, layer) => {
    const place = placeOf(rest, layer);
    if (!place) return rest;
    if (layer.fields["activation"] === "relu") {
      return withField(rest, place, "activation", "leaky_relu");
    }
    return layer.type === "relu" ? withField(rest, place, "type", "leaky_relu") : rest;
  }, document);
}

function decay(state: State, step: number): Remedy {
  const written = state.run?.changes.l2 ?? Number(valueAt(state.document, ["train", "l2"]) ?? 0);
  const l2 = Number(Math.max(LEAST_L2, written * STRONGER).toPrecision(3));
  const document = withValue(state.document, ["train", "l2"], l2);
  return { id: "decay", words: "remedyDecay", params: { l2 }, document, step };
}

function gentler(state: State, step: number | null): Remedy {
  const rate = gentlerRate(state);
  const document = withLearningRate(state.document, rate);
  return { id: "rate", words: "remedyRate", params: { rate }, document, step };
}
