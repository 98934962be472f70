import type { Json } from "../wire/plan";
import type { Variable } from "./variables";

const RATES = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3];
const UNITS = [1, 2, 3, 4, 6, 8, 12, 16];
const SHARES = [0, 0.1, 0.2, 0.3, 0.5];
const PENALTIES = [0, 0.0001, 0.001, 0.01, 0.1];
const FACTORS = [1 / 4, 1 / 2, 1, 2, 4];
const MOST_CHOICES = 4;

/** Values that are worth a try, around what holds now. */
export function suggestionsFor(variable: Variable): Json[] {
  const { options, now } = variable;
  if (variable.boolean) return [...(options ?? [])];
  const held = now === null ? [] : [String(now)];
  if (options) return [...new Set([...held, ...options])].slice(0, MOST_CHOICES);
  return within(variable, ladderFor(variable));
}

function ladderFor({ name, now, most, integer }: Variable): number[] {
  const value = Number(now);
  if (name === "learning_rate") return RATES;
  if (name === "units" && value <= Math.max(...UNITS)) return UNITS;
  if (["l1", "l2", "weight_decay"].includes(name)) return PENALTIES;
  if (!integer && most <= 1 && value < 1) return [...new Set([...SHARES, value])].sort(rising);
  if (value === 0) return [0, 1, 2, 4];
  return FACTORS.map((factor) => (integer ? Math.round(value * factor) : value * factor));
}

function within({ least, most, integer }: Variable, values: readonly number[]): number[] {
  const fitting = values
    .map((value) => Number(value.toPrecision(3)))
    .filter((value) => value >= least && value <= most && (!integer || Number.isInteger(value)));
  return [...new Set(fitting)];
}

function rising(first: number, second: number): number {
  return first - second;
}

/**
 * What a sweep varies at first: the field at `path`; else the learning rate, and the units of the
 * first layer that has some.
 */
export function firstChoice(
  variables: readonly Variable[],
  path: string | null = null,
): Variable[] {
  const asked = variables.find((each) => each.path === path || each.path === `${path}/type`);
  if (asked) return [asked];
  const rate = variables.find(({ name }) => name === "learning_rate");
  const size = variables.find(({ name }) => name === "units" || name === "filters");
  const found = [rate, size].filter((variable) => variable !== undefined);
  return found.length ? found : variables.slice(0, 1);
}
