import type { Action } from "./action";

/** Opens the numbers of the unit that is pointed at, to be set by hand; closes them again. */
export const byHand: Action = {
  id: "byHand",
  keys: ["F2"],
  label: () => "setByHand",
  enabled: (state) => !state.guest && (state.spot !== null || state.handOn !== null),
  perform(state) {
    const { spot } = state;
    const handOn = state.handOn || !spot ? null : { ...spot, from: 0 };
    return { do: "show", change: { handOn } };
  },
};
