import type { Action } from "./action";

/** Leaves the run and shows the untrained net again. */
export const reset: Action = {
  id: "reset",
  keys: ["r"],
  label: () => "reset",
  enabled: (state) => state.run !== null,
  perform: () => ({ do: "reset" }),
};
