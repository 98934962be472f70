import type { Action } from "./action";
import { isSound } from "./action";

/** Opens the list of what B may have otherwise than A; closes it again. */
export const pair: Action = {
  id: "pair",
  keys: ["t"],
  label: () => "pair",
  enabled: (state) => isSound(state) && !state.beginning,
  perform: (state) => ({ do: "show", change: { pairMenu: !state.pairMenu } }),
};
