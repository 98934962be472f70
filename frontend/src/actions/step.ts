import { isFinal } from "../run/run";
import type { Action } from "./action";
import { isSound } from "./action";

function step(unit: "batch" | "epoch", keys: readonly string[]): Action {
  return {
    id: unit,
    keys,
    label: () => (unit === "batch" ? "oneBatch" : "oneEpoch"),
    enabled: (state) =>
      isSound(state) && !state.beginning && !(state.run && isFinal(state.run.status)),
    perform: (state) =>
      state.run
        ? { do: "control", control: { action: "step", unit, count: 1 } }
        : { do: "create", start: unit },
  };
}

/** Trains one batch, then pauses. */
export const oneBatch: Action = step("batch", ["ArrowRight"]);

/** Trains to the end of the epoch, then pauses. */
export const oneEpoch: Action = step("epoch", ["Shift+ArrowRight"]);
