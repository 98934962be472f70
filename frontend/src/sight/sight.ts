import { forward, type Values } from "../layers/forward";
import type { State } from "../page/state";
import { lanesOf } from "../lanes/lanes";
import { keyedBy, type Pictures } from "../painting/pictures";
import { computes, fits, isPlane } from "../painting/probes";
import { arrayOf, type Picture } from "../wire/frame";
import type { Plan } from "../wire/plan";

/** What the net makes of the input on show, computed in the page as far as it can be. */
export interface Seen {
  values: Values;
  /** The same as a picture of units. */
  units: Picture;
}

/** Computes once for each pair of weights and input, however many parts of the page ask. */
export class Sight {
  private known: { weights: Picture; input: Float32Array; seen: Seen | null } | null = null;

  private still: { weights: Picture; input: Float32Array; values: Values | null } | null = null;

  constructor(private readonly pictures: Pictures) {}

  /** What stands at every unit; null where only the service can say. */
  seen({ plan, own }: State): Seen | null {
    const weights = this.pictures.get("weights");
    const input = plan && this.input(plan, own);
    if (!plan || !weights || !input || isPlane(plan) || !computes(plan)) return null;
    if (this.known?.weights !== weights || this.known.input !== input) {
      this.known = { weights, input, seen: this.compute(plan, weights, input, own) };
    }
    return this.known.seen;
  }

  /** The numbers of every layer, from here or from the service. */
  values(state: State): Values | null {
    const seen = this.seen(state);
    if (seen) return seen.values;
    if (state.plan?.networks) return this.several(state.plan);
    const units = this.pictures.get("units");
    return units ? new Map(units.arrays.map(({ name, values }) => [name, values])) : null;
  }

  /** Of several networks the numbers of each, as far as they were sent. */
  private several(plan: Plan): Values | null {
    const sent = lanesOf(plan).flatMap(({ name }) => {
      const { arrays = [] } = this.pictures.get(keyedBy("units", name)) ?? {};
      return arrays.map((array) => [array.name, array.values] as const);
    });
    return sent.length ? new Map(sent) : null;
  }

  /** The numbers of the chosen sample as it is. */
  sample(): Float32Array | undefined {
    return arrayOf(this.pictures.get("units"), "input")?.values;
  }

  /** What the chosen sample gives where it stands, to be compared with where it was moved to. */
  unmoved(state: State): Values | null {
    if (state.own?.from !== "sample") return null;
    const weights = this.pictures.get("weights");
    const input = this.sample();
    if (!weights || !input || !state.plan || !computes(state.plan)) return null;
    if (this.still?.weights !== weights || this.still.input !== input) {
      this.still = { weights, input, values: forward(state.plan, weights, input) };
    }
    return this.still.values;
  }

  private input(plan: Plan, own: State["own"]): Float32Array | undefined {
    if (own && fits(own, plan)) return own.values;
    return this.sample();
  }

  private compute(
    plan: Plan,
    weights: Picture,
    input: Float32Array,
    own: State["own"],
  ): Seen | null {
    // After an edit the old weights stand until the new ones come, and need not fit.
    const values = forward(plan, weights, input);
    const sent = this.pictures.get("units")?.meta ?? {};
    // Nobody knows here what another input should be read as.
    const meta = own && own.from !== "sample" ? { ...sent, target: null } : sent;
    return values && { values, units: picture(plan, values, { ...weights, meta }) };
  }
}

function picture(plan: Plan, values: Values, head: Picture): Picture {
  const shapes = new Map(plan.layers.map(({ name, output }) => [name, output]));
  const arrays = [...values].map(([name, array]) => ({
    name,
    shape: shapes.get(name) ?? plan.data?.input ?? [array.length],
    values: array,
  }));
  return { ...head, kind: "units", arrays };
}
