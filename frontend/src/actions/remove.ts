import { isRemovable, withoutCard } from "../draft/network";
import { type Card, cards } from "../layout/cards";
import type { State } from "../page/state";
import type { Action } from "./action";

/** Takes the chosen card out of the network. */
export const remove: Action = {
  id: "remove",
  keys: ["Delete", "Backspace"],
  label: () => "removeLayer",
  enabled: (state) => chosen(state) !== undefined,
  perform(state) {
    const card = chosen(state);
    if (!card || !state.plan) return { do: "nothing" };
    return { do: "edit", document: withoutCard(state.document, state.plan, card) };
  },
};

/** The card whose form is open, or that is pointed at, if it may go. */
function chosen({ plan, opened, spot }: State): Card | undefined {
  const name = opened ?? spot?.card;
  if (!plan || name === undefined) return undefined;
  const all = cards(plan);
  return isRemovable(all, name) ? all.find((card) => card.name === name) : undefined;
}
