import type { Action, Effect } from "./action";
import { isSound } from "./action";
import type { State } from "../page/state";

/** Opens the sheet on which many nets are made that differ in a few fields. */
export const sweep: Action = {
  id: "sweep",
  keys: ["v"],
  label: () => "sweep",
  enabled: canSweep,
  perform: (state) => (state.sweeping ? show(null) : varying(null)),
};

export function canSweep(state: State): boolean {
  return isSound(state) && !state.guest;
}

/** The same over one field, where `path` leads. */
export function varying(path: string | null): Effect {
  return show({ path });
}

function show(sweeping: State["sweeping"]): Effect {
  return { do: "show", change: { sweeping } };
}
