import type { Plan } from "../wire/plan";
import { sizeOf } from "../layers/turn";

// The bounds of the service: what one batch makes must travel and be drawn in one piece.
const MOST_PARAMETERS = 50_000;
const MOST_OUTPUTS = 100_000;

/** Whether a net is small enough for all numbers of one batch to be shown. */
export function slowable(plan: Plan | null): boolean {
  if (!plan || plan.networks || plan.totals.parameters > MOST_PARAMETERS) return false;
  return plan.layers.reduce((sum, { output }) => sum + sizeOf(output), 0) <= MOST_OUTPUTS;
}
