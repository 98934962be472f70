import type { State } from "../page/state";
import type { Document, Json } from "../wire/plan";

type Shown = Pick<State, "run" | "past" | "document">;
type Entry = { [key: string]: Json };

/** The step whose weights are on show: of the moment looked at, or null for the newest. */
function stepOf({ past }: Pick<State, "past">): number | null {
  return past ? past.from : null;
}

/** Whether the run on show has weights that another could start from. */
export function hasWeights({ run, document }: Shown): boolean {
  return !!run && run.step > 0 && ("network" in document || "networks" in document);
}

/** The document on show as a draft whose networks start from the weights on show. */
export function withWeights(shown: Shown): Document {
  const { run, document } = shown;
  if (!run || !hasWeights(shown)) return document;
  const step = stepOf(shown);
  const init = { from: { run: run.id, ...(step === null ? {} : { checkpoint: step }) } };
  const begun = (network: Json): Json =>
    isEntry(network) ? { init, ...without(network) } : network;
  if (document["network"]) return { ...document, network: begun(document["network"]) };
  const networks = document["networks"];
  if (!isEntry(networks)) return document;
  const each = Object.entries(networks).map(([name, network]) => [name, begun(network)] as const);
  return { ...document, networks: Object.fromEntries(each) };
}

function without({ init: _, ...rest }: Entry): Entry {
  return rest;
}

function isEntry(value: Json | undefined): value is Entry {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
