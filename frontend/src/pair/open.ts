import type { Effect } from "../actions/action";
import { valueAt } from "../draft/edits";
import type { Stage } from "../page/stage";
import type { Document } from "../wire/plan";

/** What both of a pair must have alike, since they take the same batches step by step. */
const COMMON = ["batch_size", "epochs"];

/** Whether B could take its steps together with A. */
export function isLevel(a: Document, b: Document): boolean {
  const same = (path: string[]): boolean =>
    JSON.stringify(valueAt(a, path)) === JSON.stringify(valueAt(b, path));
  return COMMON.every((name) => same(["train", name])) && same(["data"]);
}

/** Begins what is on the page anew, with B beside it; at rest where nothing was training. */
export function openBeside(
  session: Pick<Stage, "state" | "carryOut">,
  b: Document,
  start: "ramp" | "paused" = session.state.value.run?.status === "running" ? "ramp" : "paused",
): void {
  const begin: Effect = { do: "create", start, pair: b };
  if (session.state.value.run) session.carryOut({ do: "reset" });
  session.carryOut(begin);
}
