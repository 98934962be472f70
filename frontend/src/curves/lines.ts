import type { Series } from "../run/series";
import type { WordKey } from "../words/words";

/** Whose curve: of the run on show, of the one before it, of the one beside it, of one laid over it, or a guess. */
export type Owner = "own" | "before" | "beside" | "laid" | "guess";
export type Measure = "train/loss" | "train_eval/loss" | "validation/loss" | "validation/accuracy";

/** One curve of the chart: what it measures of which run, and how it is told apart. */
export interface Line {
  owner: Owner;
  measure: Measure;
  /** How far neighbours are averaged, as a share of the drawn steps; 0 leaves it as it is. */
  smoothing: number;
  strength: number;
  dash: readonly number[];
  width: number;
}

export interface Shown {
  smoothing: number;
  accuracy: boolean;
  before: boolean;
  beside: boolean;
  laid: boolean;
  guess: boolean;
}

export type Curve = (name: string) => Series | undefined;

/** Short names, so that all values fit into one line. */
export const READING_WORDS: Readonly<Record<Measure, WordKey>> = {
  "train/loss": "train",
  "train_eval/loss": "curveTrainEval",
  "validation/loss": "curveValidation",
  "validation/accuracy": "curveAccuracy",
};

const FAINT = 0.35;
const RAW_BEHIND = 0.3;
const DASHES: Readonly<Record<Measure, readonly number[]>> = {
  "train/loss": [],
  "train_eval/loss": [2, 3],
  "validation/loss": [],
  "validation/accuracy": [9, 3, 2, 3],
};
const BESIDE_DASH = [7, 4];
const LAID_DASH = [4, 3];
const GUESS_DASH = [1, 4];
const LOSSES: readonly Measure[] = ["train/loss", "validation/loss"];

/** The curves to be drawn, the faint ones first, so that what counts lies on top. */
export function linesOf(shown: Shown): Line[] {
  const own: Measure[] = ["train/loss", "train_eval/loss", "validation/loss"];
  if (shown.accuracy) own.push("validation/accuracy");
  return [
    ...(shown.before ? LOSSES.map((measure) => plain("before", measure, FAINT)) : []),
    ...(shown.smoothing ? own.map((measure) => plain("own", measure, RAW_BEHIND)) : []),
    ...own.map((measure) => ({ ...plain("own", measure, 1), smoothing: shown.smoothing })),
    ...(shown.beside ? LOSSES.map((measure) => besideLine(measure, shown.smoothing)) : []),
    ...(shown.laid ? LOSSES.map((measure) => laidLine(measure, shown.smoothing)) : []),
    ...(shown.guess ? [guessLine] : []),
  ];
}

function plain(owner: Owner, measure: Measure, strength: number): Line {
  const width = measure === "train_eval/loss" || measure === "validation/accuracy" ? 1 : 1.5;
  return { owner, measure, smoothing: 0, strength, dash: DASHES[measure], width };
}

function besideLine(measure: Measure, smoothing: number): Line {
  return { ...plain("beside", measure, 1), smoothing, dash: BESIDE_DASH };
}

function laidLine(measure: Measure, smoothing: number): Line {
  return { ...plain("laid", measure, 1), smoothing, dash: LAID_DASH };
}

const guessLine: Line = { ...plain("guess", "train/loss", 1), dash: GUESS_DASH, width: 2.5 };
