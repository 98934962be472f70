import type { Action } from "./action";
import { isSound } from "./action";

/** Opens the sheet on which many nets are made that differ in a few fields. */
export const sweep: Action = {
  id: "sweep",
  keys: ["v"],
  label: () => "sweep",
  enabled: (state) => isSound(state) && !state.guest,
  perform: (state) => ({ do: "show", change: { sweeping: !state.sweeping } }),
};
