import type { State } from "../page/state";
import type { Action } from "./action";

/** Takes the last edit back. */
export const undo: Action = {
  id: "undo",
  keys: ["Mod+z"],
  label: () => "undo",
  enabled: (state: State) => state.undos > 0,
  perform: () => ({ do: "history", by: -1 }),
};

/** Makes the edit again that was taken back. */
export const redo: Action = {
  id: "redo",
  keys: ["Mod+y", "Mod+Shift+z"],
  label: () => "redo",
  enabled: (state: State) => state.redos > 0,
  perform: () => ({ do: "history", by: 1 }),
};
