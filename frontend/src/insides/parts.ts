import { type Among, curveOf, decidesAmong, type FunctionCurve } from "../layers/activations/curve";
import { piecesOf } from "../layers/activations/learned";
import type { Values } from "../layers/forward";
import { ACTIVATIONS, type Card } from "../layout/cards";
import { arrayOf, type Picture } from "../wire/frame";
import type { Plan, PlannedLayer } from "../wire/plan";

/** A picture of one of the layers that a card stands for. */
export type PartPicture = CurvePart | ScalingPart | MaskPart | WaysPart;

/** A function with its derivative, and how its inputs spread under it. */
export interface CurvePart {
  kind: "curve";
  layer: string;
  type: string;
  curve: FunctionCurve;
  reach: number;
  histogram: Float32Array | null;
  /** Share of the inputs above 0. */
  above: number | null;
  /** Of how many units this is one, and which, where each has a curve of its own. */
  unit?: { chosen: number; count: number };
}

/** What stands at the units now, and which of a layer is looked at; null is the strongest. */
export interface Here {
  values: Values | null;
  unit: number | null;
}

/** Mean and deviation of each channel before and after a normalization: [C, 2] each. */
export interface ScalingPart {
  kind: "scaling";
  layer: string;
  type: string;
  before: Float32Array | null;
  after: Float32Array | null;
  /** γ and β. */
  scale: Float32Array | null;
}

/** Which units a step of training kept. */
export interface MaskPart {
  kind: "mask";
  layer: string;
  type: string;
  rate: number;
  mask: Float32Array | null;
  kept: number | null;
}

/** What several layers give to one: sizes of what comes in, and of what they make together. */
export interface WaysPart {
  kind: "ways";
  layer: string;
  type: string;
  /** `share` is of the channels, where they are put one behind the other. */
  ways: { name: string; size: number | null; share: number | null }[];
  sum: number | null;
}

const NORMS = new Set(["batch_norm", "layer_norm", "group_norm", "local_response_norm"]);
const MASKS = new Set(["dropout", "dropout2d"]);
const WAYS = new Set(["add", "multiply", "mean", "concat"]);
// These bend their own sums with a function that the service can look under.
const BENDS = /^(linear|conv[12]d|conv_transpose[12]d)$/;
const USUAL_REACH = 4;
// The number that a curve is drawn for stands within it, not at its edge.
const ROOM_BEYOND = 1.25;

/** The layers of a card that have pictures, as far as the service is to be asked about them. */
export function askedOf(card: Pick<Card, "parts">): string[] {
  return card.parts.filter((layer) => isAsked(layer)).map(({ name }) => name);
}

function isAsked({ type, fields }: PlannedLayer): boolean {
  if (NORMS.has(type) || MASKS.has(type) || WAYS.has(type) || ACTIVATIONS.has(type)) return true;
  return BENDS.test(type) && (fields["activation"] ?? "identity") !== "identity";
}

/** A picture for each fused layer that has one, with what is known of it. */
export function partsOf(
  card: Card,
  plan: Plan,
  inside: Picture | undefined,
  here: Here = { values: null, unit: null },
): PartPicture[] {
  return card.parts.flatMap((layer): PartPicture[] => {
    const of = (part: string) => arrayOf(inside, `${layer.name}.${part}`)?.values ?? null;
    const { name, type, fields } = layer;
    const named = { layer: name, type };
    if (NORMS.has(type)) {
      const parts = { before: of("before"), after: of("after"), scale: of("scale") };
      return [{ kind: "scaling", ...named, ...parts }, ...curves(layer, null, here)];
    }
    if (MASKS.has(type)) {
      const rate = Number(fields["rate"] ?? 0.5);
      return [{ kind: "mask", ...named, rate, mask: of("mask"), kept: of("kept")?.[0] ?? null }];
    }
    if (WAYS.has(type)) return [ways(layer, plan, of("ways"), of("sum")?.[0] ?? null)];
    return curves(layer, inside, here);
  });
}

function curves(layer: PlannedLayer, inside: Picture | null | undefined, here: Here): CurvePart[] {
  const own = ACTIVATIONS.has(layer.type);
  const type = own ? layer.type : String(layer.fields["activation"] ?? "identity");
  const of = (part: string) => arrayOf(inside ?? undefined, `${layer.name}.${part}`)?.values;
  const one = own ? unitAmong(layer, here) : null;
  const score = one?.among.scores[one.among.chosen] ?? 0;
  const reach = Math.max(of("reach")?.[0] ?? USUAL_REACH, ROOM_BEYOND * Math.abs(score));
  const curve =
    type === "identity" ? null : curveOf(type, own ? layer.fields : {}, reach, one?.among);
  if (!curve) return [];
  const [histogram, above] = [of("histogram") ?? null, of("above")?.[0] ?? null];
  const part: CurvePart = {
    kind: "curve",
    layer: layer.name,
    type,
    curve,
    reach,
    histogram,
    above,
  };
  return [one ? { ...part, unit: { chosen: one.unit, count: layer.output[0] ?? 1 } } : part];
}

/** The numbers among which one unit is decided; null where they are not known or stand on maps. */
function unitAmong(
  { name, type, inputs, output, fields }: PlannedLayer,
  { values, unit }: Here,
): { unit: number; among: Among } | null {
  const [scores, answers] = [values?.get(inputs[0] ?? ""), values?.get(name)];
  if (!decidesAmong(type) || output.length !== 1 || !scores || !answers) return null;
  const chosen = Math.min(unit ?? answers.indexOf(Math.max(...answers)), answers.length - 1);
  if (type !== "maxout") return { unit: chosen, among: { scores: [...scores], chosen } };
  const pieces = piecesOf(scores, Number(fields["pieces"] ?? 2), 1, chosen);
  return {
    unit: chosen,
    among: { scores: pieces, chosen: pieces.indexOf(Math.max(...pieces)) },
  };
}

function ways(
  { name, type, inputs }: PlannedLayer,
  plan: Plan,
  sizes: Float32Array | null,
  sum: number | null,
): WaysPart {
  const channels = inputs.map((input) => {
    const layer = plan.layers.find((candidate) => candidate.name === input);
    return (layer?.output ?? plan.data?.input ?? [])[0] ?? 1;
  });
  const all = channels.reduce((total, count) => total + count, 0);
  return {
    kind: "ways",
    layer: name,
    type,
    sum,
    ways: inputs.map((input, at) => ({
      name: input,
      size: sizes?.[at] ?? null,
      share: type === "concat" ? (channels[at] ?? 0) / all : null,
    })),
  };
}
