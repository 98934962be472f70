import { inputOf } from "../lanes/lanes";
import type { Picture, PictureArray } from "../wire/frame";
import type { Plan, PlannedLayer } from "../wire/plan";
import { activationFields, shareFields } from "./activations/fields";
import { featureFields } from "./features/fields";
import { forwardOn, QUIET } from "./forward";
import { linearFields } from "./linear/fields";

// Layers of units that look at more than one number each, or have numbers of their own.
const POINTWISE: ReadonlySet<string> = new Set([
  "batch_norm",
  "layer_norm",
  "group_norm",
  "local_response_norm",
  "prelu",
  "maxout",
  "log_softmax",
]);

/** A square of R × R cells around the origin, as the service's fields have it: row 0 on top. */
export interface Grid {
  resolution: number;
  extent: number;
}

/** Units over the cells of a grid, [units, R·R] flat, by the layer's full name. */
type Fields = Map<string, Float32Array>;

/** What the net answers at every cell: the picture `field`; null where it cannot be computed. */
export function fieldOf(plan: Plan, weights: Picture | undefined, grid: Grid): Picture | null {
  const fields = computed(plan, weights, grid);
  const head = plan.output ?? plan.layers.at(-1)?.name ?? inputOf(plan);
  const values = fields?.get(head);
  if (!fields || !values || !weights) return null;
  const answers = shown(plan, head, values, grid.resolution ** 2);
  return picture("field", weights, grid, [["field", answers]]);
}

/** Every unit at every cell, `input` included: the picture `unit_fields`; null as above. */
export function unitFieldsOf(plan: Plan, weights: Picture | undefined, grid: Grid): Picture | null {
  const fields = computed(plan, weights, grid);
  return fields && weights ? picture("unit_fields", weights, grid, [...fields]) : null;
}

function computed(plan: Plan, weights: Picture | undefined, grid: Grid): Fields | null {
  if (!weights) return null;
  const places = grid.resolution ** 2;
  const fields: Fields = new Map([[inputOf(plan), centres(grid)]]);
  for (const layer of plan.layers) {
    const values = layerFields(layer, weights, fields, places);
    if (!values) return null;
    fields.set(layer.name, values);
  }
  return fields;
}

/** The centres of the cells: x of each, then y of each. */
function centres({ resolution, extent }: Grid): Float32Array {
  const places = resolution ** 2;
  const points = new Float32Array(2 * places);
  for (let place = 0; place < places; place++) {
    points[place] = ((2 * (place % resolution) + 1) / resolution - 1) * extent;
    points[places + place] = (1 - (2 * Math.floor(place / resolution) + 1) / resolution) * extent;
  }
  return points;
}

function layerFields(
  layer: PlannedLayer,
  weights: Picture,
  fields: Fields,
  places: number,
): Float32Array | null {
  const [source = "", ...others] = layer.inputs;
  const inputs = fields.get(source);
  if (!inputs) return null;
  if (others.length || POINTWISE.has(layer.type)) {
    return pointwise(layer, weights, [source, ...others], fields, places);
  }
  if (QUIET.has(layer.type)) return inputs;
  if (layer.type === "features") return featureFields(layer.fields, inputs, places);
  if (layer.type !== "linear") return activationFields(layer.type, layer.fields, inputs, places);
  const sums = linearFields(layer.name, weights, inputs, places);
  const activation = String(layer.fields["activation"] ?? "identity");
  return sums && activationFields(activation, {}, sums, places);
}

/** A layer computed at one place after the other, as for single inputs. */
function pointwise(
  layer: PlannedLayer,
  weights: Picture,
  sources: readonly string[],
  fields: Fields,
  places: number,
): Float32Array | null {
  const read = sources.flatMap((name) => fields.get(name) ?? []);
  if (read.length < sources.length) return null;
  const inputs = read.map((values) => {
    const units = values.length / places;
    return { shape: [units], values: new Float32Array(units) };
  });
  let answers: Float32Array | null = null;
  for (let place = 0; place < places; place++) {
    for (const [at, { values }] of inputs.entries()) {
      for (let unit = 0; unit < values.length; unit++) {
        values[unit] = read[at]?.[unit * places + place] ?? 0;
      }
    }
    const given = forwardOn(layer, weights, inputs);
    if (!given) return null;
    answers ??= new Float32Array(given.length * places);
    for (let unit = 0; unit < given.length; unit++) {
      answers[unit * places + place] = given[unit] ?? 0;
    }
  }
  return answers;
}

/** As the service shows answers: 2σ(z) − 1 for a logit, shares for classes, else as they are. */
function shown(plan: Plan, head: string, values: Float32Array, places: number): Float32Array {
  const losses = plan.train.losses?.filter(({ input }) => input === head) ?? [];
  const types = new Set(losses.map(({ type }) => type));
  if (types.has("binary_cross_entropy")) return values.map((z) => 2 / (1 + Math.exp(-z)) - 1);
  return types.has("cross_entropy") ? shareFields(values, places) : values;
}

function picture(
  kind: "field" | "unit_fields",
  weights: Picture,
  { resolution, extent }: Grid,
  fields: [string, Float32Array][],
): Picture {
  const arrays = fields.map(([name, values]): PictureArray => {
    const units = values.length / resolution ** 2;
    return { name, shape: [units, resolution, resolution], values };
  });
  return { ...weights, probe: "", kind, meta: { extent }, arrays };
}
