import type { Json } from "../../wire/plan";
import { functionOf } from "./forward";

/** A function over [−reach, reach] and its slope, at as many places as there are. */
export interface FunctionCurve {
  x: Float64Array;
  y: Float64Array;
  slope: Float64Array;
  /** It stands for many: other scores, learned lines. */
  example: boolean;
}

const PLACES = 121;
const STEP = 1e-4;
const OTHERS = 3;

type Curve = (x: number) => number;

/** Functions that a number alone does not decide, as one of their many faces. */
const EXAMPLES: Readonly<Record<string, (fields: Record<string, Json>) => Curve>> = {
  prelu: (fields) => leaky(Number(fields["start"] ?? 0.25)),
  rrelu: (fields) =>
    leaky((Number(fields["lower"] ?? 1 / 8) + Number(fields["upper"] ?? 1 / 3)) / 2),
  // One score among others that are 0.
  softmax: () => (x) => 1 / (1 + OTHERS * Math.exp(-x)),
  log_softmax: () => (x) => -Math.log1p(OTHERS * Math.exp(-x)),
  maxout: (fields) => greatestLine(Math.max(2, Number(fields["pieces"] ?? 2))),
};

/** The curve of an activation with its derivative; null for one that is not known here. */
export function curveOf(
  type: string,
  fields: Record<string, Json>,
  reach: number,
): FunctionCurve | null {
  const example = EXAMPLES[type]?.(fields);
  const apply = example ?? functionOf(type, fields);
  if (!apply) return null;
  const x = Float64Array.from({ length: PLACES }, (_, at) => ((2 * at) / (PLACES - 1) - 1) * reach);
  const y = x.map(apply);
  // From the left side: at a kink the slope that a function has up to there.
  const slope = x.map((place) => (apply(place) - apply(place - STEP)) / STEP);
  if (type === "step") slope.fill(0);
  return { x, y, slope, example: example !== undefined };
}

function leaky(share: number): Curve {
  return (x) => (x > 0 ? x : share * x);
}

function greatestLine(pieces: number): Curve {
  const slopes = Array.from({ length: pieces }, (_, at) => (2 * at) / (pieces - 1) - 1);
  return (x) => Math.max(...slopes.map((slope) => slope * x));
}
