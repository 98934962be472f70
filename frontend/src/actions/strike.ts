import { unitOf } from "../sight/place";
import type { State } from "../page/state";
import { cards } from "../layout/cards";
import type { Action, Effect } from "./action";

/** Looks at the net as if the unit that is pointed at, or its whole layer, gave nothing. */
function strike(whole: boolean): Action {
  return {
    id: whole ? "strike-layer" : "strike",
    keys: [whole ? "Shift+x" : "x"],
    label: () => (whole ? "strikeLayer" : "strike"),
    enabled: (state) => state.struck !== null || struckAt(state, whole) !== null,
    perform: (state): Effect => ({ do: "show", change: { struck: toggled(state, whole) } }),
  };
}

function toggled(state: State, whole: boolean): State["struck"] {
  const { struck } = state;
  const asked = struckAt(state, whole);
  const same = struck?.layer === asked?.layer && struck?.unit === asked?.unit;
  return same ? null : asked;
}

function struckAt({ plan, spot }: State, whole: boolean): State["struck"] {
  // What several networks are worth is no figure of one of their layers.
  const card = plan && !plan.networks && cards(plan).find(({ name }) => name === spot?.card);
  if (!card || !card.from.length || !spot) return null;
  return { card: card.name, layer: card.shows, unit: whole ? null : unitOf(card, spot.index) };
}

export const strikeUnit: Action = strike(false);
export const strikeLayer: Action = strike(true);
