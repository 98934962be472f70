import { slowable } from "../motion/limits";
import { isFinal } from "../run/run";
import type { Action } from "./action";
import { isSound } from "./action";

/** One batch in slow motion for as long as the key is held; by a button, on and off. */
export const slow: Action = {
  id: "slow",
  keys: ["s"],
  label: (state) => (state.slow ? "slowHold" : "slow"),
  enabled: (state) =>
    isSound(state) &&
    !state.guest &&
    !state.past &&
    (!state.run || !isFinal(state.run.status)) &&
    slowable(state.plan),
  perform: () => ({ do: "show", change: { slow: true } }),
};
