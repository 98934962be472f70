import { isFunction } from "../descent/descent";
import { lanesOf } from "../lanes/lanes";
import type { Plan, PlannedStep } from "../wire/plan";
import type { WordKey } from "../words/words";

/** Which colour of the palette a curve has. */
export type Tone = "third" | "second" | "accent" | "ink";

/** A series that the chart and the figures tell, and how. */
export interface Gauge {
  series: string;
  /** The page's word for it; null where the document names it. */
  words: WordKey | null;
  name: string;
  tone: Tone;
  dash: readonly number[];
  width: number;
  /** Lies from 0 to 1, on an axis of its own. */
  share: boolean;
}

const ONE: readonly Gauge[] = [
  gauge("train/loss", "train", "third"),
  { ...gauge("train_eval/loss", "curveTrainEval", "second"), dash: [2, 3], width: 1 },
  gauge("validation/loss", "curveValidation", "accent"),
];
const ACCURACY: Gauge = {
  ...gauge("validation/accuracy", "curveAccuracy", "ink"),
  dash: [9, 3, 2, 3],
  width: 1,
  share: true,
};
const TONES: readonly Tone[] = ["third", "accent", "second", "ink"];
const SCORE_DASHES: readonly (readonly number[])[] = [
  [9, 3, 2, 3],
  [2, 3],
];

/** The curves of a plan: losses first, then what lies from 0 to 1. */
export function gaugesOf(plan: Plan | null): readonly Gauge[] {
  if (plan?.networks) return turns(plan);
  // A plain function has nothing that is held out.
  if (isFunction(plan)) return ONE.slice(0, 1);
  return plan?.data?.task === "classification" ? [...ONE, ACCURACY] : ONE;
}

/** The two losses that figures and track show. */
export function mainGauges(plan: Plan | null): readonly Gauge[] {
  if (isFunction(plan)) return ONE.slice(0, 1);
  if (!plan?.networks) return ONE.filter(({ tone }) => tone !== "second");
  return turns(plan)
    .filter(({ share }) => !share)
    .slice(0, 2);
}

/** The loss of each step, and the scores that the first step makes small. */
function turns(plan: Plan): Gauge[] {
  const steps = plan.train.steps ?? [];
  const losses = steps.map(({ name }, index) => ({
    ...gauge(`train/${name}/loss`, null, TONES[index % TONES.length] ?? "ink"),
    name,
  }));
  const [first] = steps;
  const scores = first ? scoresOf(first, plan) : [];
  return [
    ...losses,
    ...scores.map((name, index) => ({
      ...gauge(`validation/${first?.name ?? ""}/${name}`, null, "ink"),
      name: name.replaceAll("_", " "),
      dash: SCORE_DASHES[index % SCORE_DASHES.length] ?? [],
      width: 1,
      share: true,
    })),
  ];
}

/** Calls that give one logit, which is told as a probability. */
function scoresOf({ calls, losses }: PlannedStep, plan: Plan): string[] {
  const lanes = new Map(lanesOf(plan).map((lane) => [lane.name, lane.plan]));
  const read = new Set(
    losses.filter(({ type }) => type === "binary_cross_entropy").map(({ input }) => input),
  );
  return calls.flatMap(({ name, network }) => {
    const own = lanes.get(network);
    const shape = own?.layers.find((layer) => layer.name === own.output)?.output ?? [];
    return read.has(name) && shape.length === 1 && shape[0] === 1 ? [name] : [];
  });
}

function gauge(series: string, words: WordKey | null, tone: Tone): Gauge {
  return { series, words, name: series, tone, dash: [], width: 1.5, share: false };
}
