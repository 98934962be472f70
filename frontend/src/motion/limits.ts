import { sizeOf } from "../layers/turn";
import type { Plan } from "../wire/plan";
import type { WordKey } from "../words/words";

// The bounds of the service: what one batch makes must travel and be drawn in one piece.
const MOST_PARAMETERS = 50_000;
const MOST_OUTPUTS = 100_000;

/** Why no batch of a net can be shown number by number; null where it can be. */
export function hurried(plan: Plan): WordKey | null {
  // A step of theirs has batches, losses and updates of its own for each network.
  if (plan.networks) return "slowSeveral";
  if (plan.function) return "slowFunction";
  const outputs = plan.layers.reduce((sum, { output }) => sum + sizeOf(output), 0);
  const large = plan.totals.parameters > MOST_PARAMETERS || outputs > MOST_OUTPUTS;
  return large ? "slowLarge" : null;
}

/** Whether a net is small enough for all numbers of one batch to be shown. */
export function slowable(plan: Plan | null): boolean {
  return plan !== null && hurried(plan) === null;
}
