import type { Json } from "../wire/plan";

/** Where values lie on an axis: numbers by their size or logarithm, words one after the other. */
export type Scale =
  | { kind: "linear" | "log"; low: number; high: number }
  | { kind: "words"; words: readonly string[] };

/** A whole decade apart, values crowd at the low end of a linear axis. */
const SPREAD = 10;
const MOST_TICKS = 9;

/** The scale on which a list of values is told apart best. */
export function scaleOf(values: readonly Json[], log: boolean | null = null): Scale {
  const numbers = values.filter((value) => typeof value === "number").filter(Number.isFinite);
  if (numbers.length < values.length || !numbers.length) {
    return { kind: "words", words: [...new Set(values.map(wordOf))] };
  }
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const logarithmic = log ?? (low > 0 && high / low >= SPREAD);
  return { kind: logarithmic && low > 0 ? "log" : "linear", low, high };
}

/** From 0 at the low end to 1 at the high one; null for what is on no place of the axis. */
export function shareOf(scale: Scale, value: Json | undefined): number | null {
  if (scale.kind === "words") {
    const at = scale.words.indexOf(wordOf(value ?? null));
    return at < 0 ? null : (at + 0.5) / scale.words.length;
  }
  if (typeof value !== "number" || !Number.isFinite(value)) return null;
  if (scale.kind === "log" && value <= 0) return null;
  if (scale.low === scale.high) return 0.5;
  const [low, high, here] = [scale.low, scale.high, value].map(
    scale.kind === "log" ? Math.log : id,
  );
  return ((here as number) - (low as number)) / ((high as number) - (low as number));
}

/** The value at a share of a scale of numbers. */
export function valueAtShare(scale: Scale, share: number): number {
  if (scale.kind === "words") return NaN;
  const { low, high } = scale;
  return scale.kind === "log" ? low * (high / low) ** share : low + share * (high - low);
}

/** What an axis is labelled with: each of few values, else its ends and powers of ten between. */
export function ticksOf(scale: Scale, values: readonly Json[]): Json[] {
  if (scale.kind === "words") return [...scale.words];
  const own = [...new Set(values)].filter((value) => typeof value === "number");
  if (own.length <= MOST_TICKS) return own.sort((first, second) => first - second);
  if (scale.kind === "linear") {
    const even = [0, 0.25, 0.5, 0.75, 1].map((share) => valueAtShare(scale, share));
    return own.every(Number.isInteger) ? [...new Set(even.map(Math.round))] : even;
  }
  const first = Math.ceil(Math.log10(scale.low) - 1e-9);
  const last = Math.floor(Math.log10(scale.high) + 1e-9);
  const tens = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => 10 ** (first + at));
  return tens.length > 1 ? tens : [scale.low, scale.high];
}

function wordOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function id(value: number): number {
  return value;
}
