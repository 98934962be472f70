import type { Start } from "../actions/action";
import { givenName } from "../runs/naming";
import type { State } from "../page/state";
import type { Surroundings } from "../page/surroundings";
import type { Document, RunRow } from "../wire/plan";
import type { Probe } from "../wire/types";

/** Makes a run of the draft: of its own, or where the run it was made from was looked at; with `pair`, two. */
export async function beginRun(
  { api, sourceOf }: Pick<Surroundings, "api" | "sourceOf">,
  { document, source: written, title, presets, parent, parentStep: step }: State,
  start: Start,
  watch: Probe[],
  pair: Document | null = null,
): Promise<RunRow> {
  const source = await sourceOf(document, written);
  const name = givenName(title, presets);
  if (pair) return api.create({ document, source, name, start, parent, watch, pair });
  // The service begins where the parent was kept if the net still fits, else untrained.
  return parent !== null && step !== null
    ? api.fork(parent, { step, document, source, name, start, watch })
    : api.create({ document, source, name, start, parent, watch });
}

/** Where a child leaves a run (null: it begins untrained), as what, and how it begins. */
export interface Branch {
  step: number | null;
  document: Document;
  start?: Start;
}

/** Makes a child of a run, which goes on from its newest kept state at or before `step`. */
export async function forkRun(
  { api, sourceOf }: Pick<Surroundings, "api" | "sourceOf">,
  { source: written, title, presets }: State,
  parent: string,
  { step, document, start = "ramp" }: Branch,
  watch: Probe[],
): Promise<RunRow> {
  const source = await sourceOf(document, written);
  const name = givenName(title, presets);
  return api.fork(parent, { step, document, source, name, start, watch });
}
