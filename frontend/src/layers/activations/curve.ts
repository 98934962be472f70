import type { Json } from "../../wire/plan";
import { functionOf } from "./forward";

/** A function over [−reach, reach] and its slope, at as many places as there are. */
export interface FunctionCurve {
  x: Float64Array;
  y: Float64Array;
  slope: Float64Array;
  /** It stands for many: other scores, learned lines. */
  example: boolean;
  /** Where the number stands for which the curve is drawn. */
  at?: number;
}

/** One of several numbers that decide together, with the others as they are now. */
export interface Among {
  scores: readonly number[];
  chosen: number;
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

/** The same as functions of one number while the others stay as they are. */
const AMONG: Readonly<Record<string, (others: readonly number[]) => Curve>> = {
  softmax: (others) => {
    const rest = logarithmOfSum(others);
    return (x) => 1 / (1 + Math.exp(rest - x));
  },
  log_softmax: (others) => {
    const rest = logarithmOfSum(others);
    return (x) => -Math.log1p(Math.exp(rest - x));
  },
  maxout: (others) => {
    const greatest = Math.max(...others);
    return (x) => Math.max(x, greatest);
  },
};

/** Whether what an activation gives depends on more than one number. */
export function decidesAmong(type: string): boolean {
  return type in AMONG;
}

/** The curve of an activation with its derivative; null for one that is not known here. */
export function curveOf(
  type: string,
  fields: Record<string, Json>,
  reach: number,
  among: Among | null = null,
): FunctionCurve | null {
  const own = among && AMONG[type]?.(among.scores.filter((_, at) => at !== among.chosen));
  const example = own ? undefined : EXAMPLES[type]?.(fields);
  const apply = own ?? example ?? functionOf(type, fields);
  if (!apply) return null;
  const x = Float64Array.from({ length: PLACES }, (_, at) => ((2 * at) / (PLACES - 1) - 1) * reach);
  const y = x.map(apply);
  // From the left side: at a kink the slope that a function has up to there.
  const slope = x.map((place) => (apply(place) - apply(place - STEP)) / STEP);
  if (type === "step") slope.fill(0);
  const at = own ? { at: among?.scores[among.chosen] ?? 0 } : {};
  return { x, y, slope, example: example !== undefined, ...at };
}

function logarithmOfSum(scores: readonly number[]): number {
  const peak = Math.max(...scores);
  return peak + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - peak), 0));
}

function leaky(share: number): Curve {
  return (x) => (x > 0 ? x : share * x);
}

function greatestLine(pieces: number): Curve {
  const slopes = Array.from({ length: pieces }, (_, at) => (2 * at) / (pieces - 1) - 1);
  return (x) => Math.max(...slopes.map((slope) => slope * x));
}
