import { isFinal } from "../run/run";
import type { Action } from "./action";
import { isSound } from "./action";

function step(unit: "batch" | "epoch", keys: readonly string[]): Action {
  return {
    id: unit,
    keys,
    label: () => (unit === "batch" ? "oneBatch" : "oneEpoch"),
    enabled: (state) =>
      isSound(state) &&
      !state.beginning &&
      (state.past !== null || !state.run || !isFinal(state.run.status)),
    perform({ run, past, document }) {
      // What is seen is the past: a step from here is another run's, the present stays as it is.
      if (past) return { do: "fork", step: past.from, document, start: unit };
      return run
        ? { do: "control", control: { action: "step", unit, count: 1 } }
        : { do: "create", start: unit };
    },
  };
}

/** Trains one batch, then pauses; in the past it does so in a fork. */
export const oneBatch: Action = step("batch", ["ArrowRight"]);

/** Trains to the end of the epoch, then pauses. */
export const oneEpoch: Action = step("epoch", ["Shift+ArrowRight"]);
