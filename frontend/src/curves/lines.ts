import type { Series } from "../run/series";
import type { Gauge } from "./gauges";

/** Whose curve: of the run on show, of the one before it, of the one beside it, of one laid over it, or a guess. */
export type Owner = "own" | "before" | "beside" | "laid" | "guess";

/** One curve of the chart: what it measures of which run, and how it is told apart. */
export interface Line {
  owner: Owner;
  gauge: Gauge;
  /** How far neighbours are averaged, as a share of the drawn steps; 0 leaves it as it is. */
  smoothing: number;
  strength: number;
  dash: readonly number[];
  width: number;
}

export interface Shown {
  smoothing: number;
  before: boolean;
  beside: boolean;
  laid: boolean;
  guess: boolean;
}

export type Curve = (name: string) => Series | undefined;

const FAINT = 0.35;
const RAW_BEHIND = 0.3;
const BESIDE_DASH = [7, 4];
const LAID_DASH = [4, 3];
const GUESS_DASH = [1, 4];

/**
 * The curves to be drawn, the faint ones first, so that what counts lies on top. `main` are those
 * of `all` that other runs are held against.
 */
export function linesOf(shown: Shown, all: readonly Gauge[], main: readonly Gauge[]): Line[] {
  const [first] = main;
  return [
    ...(shown.before ? main.map((gauge) => plain("before", gauge, FAINT)) : []),
    ...(shown.smoothing ? all.map((gauge) => plain("own", gauge, RAW_BEHIND)) : []),
    ...all.map((gauge) => ({ ...plain("own", gauge, 1), smoothing: shown.smoothing })),
    ...(shown.beside ? main.map((gauge) => besideLine(gauge, shown.smoothing)) : []),
    ...(shown.laid ? main.map((gauge) => laidLine(gauge, shown.smoothing)) : []),
    ...(shown.guess && first ? [guessLine(first)] : []),
  ];
}

function plain(owner: Owner, gauge: Gauge, strength: number): Line {
  return { owner, gauge, smoothing: 0, strength, dash: gauge.dash, width: gauge.width };
}

function besideLine(gauge: Gauge, smoothing: number): Line {
  return { ...plain("beside", gauge, 1), smoothing, dash: BESIDE_DASH };
}

function laidLine(gauge: Gauge, smoothing: number): Line {
  return { ...plain("laid", gauge, 1), smoothing, dash: LAID_DASH };
}

function guessLine(gauge: Gauge): Line {
  return { ...plain("guess", gauge, 1), dash: GUESS_DASH, width: 2.5 };
}
