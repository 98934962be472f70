import { answering, networkOf, readerOf } from "../lanes/lanes";
import { unitFieldsOf } from "../layers/fields";
import { cards } from "../layout/cards";
import type { Spot, State } from "../page/state";
import { arrayOf, type Picture, type PictureArray } from "../wire/frame";
import type { Plan } from "../wire/plan";
import type { Field } from "./fields";
import { keyedBy, type Pictures } from "./pictures";
import { EXTENT, FIELD_RESOLUTION } from "./probes";
import { peaks } from "./ranges";

type Seen = Pick<State, "plan" | "spot" | "discretized">;

/** Computes the large picture of a unit once for each set of weights. */
const known = new WeakMap<Picture, { plan: Plan; units: Picture | null }>();

/** What the large picture shows: the field of the pointed unit, else the answer. */
export function shownField(pictures: Pick<Pictures, "get">, seen: Seen): Field | null {
  const { plan, spot, discretized } = seen;
  const unit = plan && spot ? unitOf(pictures, plan, spot) : undefined;
  if (unit && spot) {
    return { array: unit, index: spot.index, limit: peaks(unit)[spot.index] || 1, steps: null };
  }
  const array = arrayOf(pictures.get("field"), "field");
  if (!array) return null;
  const several = (array.shape[0] ?? 1) > 1;
  const decision = several ? "class" : plan?.data?.task === "regression" ? "band" : "sign";
  const steps = discretized ? decision : null;
  return { array, index: several ? -1 : 0, limit: 1, steps };
}

/** From the weights as sharp as the answer; where they are not known as the service drew it. */
function unitOf(pictures: Pick<Pictures, "get">, plan: Plan, spot: Spot): PictureArray | undefined {
  const shows = cards(plan).find(({ name }) => name === spot.card)?.shows ?? spot.card;
  const sharp = arrayOf(sharpUnits(plan, pictures.get("weights")) ?? undefined, shows);
  const drawn = pictures.get(keyedBy("unit_fields", networkOf(plan, shows)));
  // What another network makes of noise is no picture of the data's plane.
  const elsewhere = networkOf(plan, shows) !== readerOf(plan);
  const array = elsewhere ? undefined : (sharp ?? arrayOf(drawn, shows));
  return array && spot.index < (array.shape[0] ?? 0) ? array : undefined;
}

function sharpUnits(plan: Plan, weights: Picture | undefined): Picture | null {
  if (!weights) return null;
  const before = known.get(weights);
  if (before?.plan === plan) return before.units;
  const units = unitFieldsOf(answering(plan), weights, {
    resolution: FIELD_RESOLUTION,
    extent: EXTENT,
  });
  known.set(weights, { plan, units });
  return units;
}
