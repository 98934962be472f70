import { shareSum } from "../layers/activations/sum";
import { type Sum, sumsOf } from "../layers/sums";
import { type Card, cards } from "../layout/cards";
import type { State } from "../page/state";
import type { Pictures } from "../painting/pictures";
import { isPlane } from "../painting/probes";
import type { Asked } from "./asked";
import { type Channel, channelOf } from "./channel";
import { unitOf } from "./place";
import type { Sight } from "./sight";

/** How the number that is pointed at came to be, where the page itself can compute it. */
export function stepsTo(
  card: Card,
  state: State,
  sight: Sight,
  pictures: Pick<Pictures, "get">,
): Sum[] {
  const { plan, spot } = state;
  const weights = pictures.get("weights");
  const values = sight.values(state);
  if (!plan || !spot || !weights || !values || !sight.seen(state)) return [];
  const place = { unit: unitOf(card, spot.index), pixel: spot.pixel ?? 0 };
  const steps = sumsOf(plan, card, place, weights, values);
  const logits = values.get(card.shows);
  const answers = card.level === "bars" && logits;
  return answers ? [...steps, shareSum(logits, place.unit)] : steps;
}

/** The channel that is pointed at, to be shown large; null where nothing of that kind is. */
export function largeChannel(
  state: State,
  sight: Sight,
  asked: Asked | null,
  pictures: Pick<Pictures, "get">,
  chosen: ReadonlyMap<string, number>,
): Channel | null {
  const { plan, spot, mode } = state;
  if (!plan || !spot || isPlane(plan)) return null;
  const all = cards(plan);
  const card = all.find(({ name }) => name === spot.card);
  if (!card || card.level === "bands") return null;
  const sums = asked?.sums ?? stepsTo(card, state, sight, pictures);
  const values = sight.values(state);
  return channelOf({ plan, all, spot, mode, values, sums, pictures, chosen });
}
