import type { Start } from "../actions/action";
import type { State } from "../page/state";
import type { Api } from "../wire/api";
import type { RunRow } from "../wire/plan";
import type { Probe } from "../wire/types";

/** Makes a run of the draft: of its own, or where the run it was made from was looked at. */
export function beginRun(
  api: Pick<Api, "create" | "fork">,
  { document, title: name, parent, parentStep: step }: State,
  start: Start,
  watch: Probe[],
): Promise<RunRow> {
  // The service begins where the parent was kept if the net still fits, else untrained.
  return parent !== null && step !== null
    ? api.fork(parent, { step, document, name, start, watch })
    : api.create({ document, name, start, parent, watch });
}
