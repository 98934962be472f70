import { withStep } from "../draft/move";
import type { State } from "../page/state";
import type { Action } from "./action";

/** Moves the chosen card past its neighbour. */
function move(by: -1 | 1): Action {
  return {
    id: by < 0 ? "move-left" : "move-right",
    keys: [by < 0 ? "Alt+ArrowLeft" : "Alt+ArrowRight"],
    label: () => (by < 0 ? "moveLeft" : "moveRight"),
    enabled: ({ plan, spot }) => plan !== null && spot !== null,
    perform: ({ plan, spot, document }: State) =>
      plan && spot
        ? { do: "edit", document: withStep(document, plan, spot.card, by) }
        : { do: "nothing" },
  };
}

export const moveLeft: Action = move(-1);
export const moveRight: Action = move(1);
