import type { Action } from "./action";

/** Shows all keys. */
export const keys: Action = {
  id: "keys",
  keys: ["?", "Shift+?"],
  label: () => "keys",
  enabled: () => true,
  perform: (state) => ({ do: "show", change: { keysShown: !state.keysShown } }),
};
