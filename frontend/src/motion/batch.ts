import type { Picture } from "../wire/frame";

type Numbers = ReadonlyMap<string, Float32Array>;

/** The next batch before it is taken: every number that it makes, means over its samples. */
export interface Batch {
  run: string;
  /** The step after which it is taken. */
  step: number;
  size: number;
  loss: number;
  rate: number;
  /** Outputs by layer, and the gradient of the loss with respect to them. */
  values: Numbers;
  deltas: Numbers;
  /** Gradients and updates by full parameter name. */
  gradients: Numbers;
  updates: Numbers;
}

const FAMILIES = ["values", "deltas", "gradients", "updates"] as const;

export function batchOf({ run, step, meta, arrays }: Picture): Batch {
  const families = Object.fromEntries(
    FAMILIES.map((family): [(typeof FAMILIES)[number], Numbers] => {
      const head = `${family}/`;
      const own = arrays.filter(({ name }) => name.startsWith(head));
      return [family, new Map(own.map(({ name, values }) => [name.slice(head.length), values]))];
    }),
  ) as Record<(typeof FAMILIES)[number], Numbers>;
  const number = (name: string): number => Number(meta[name] ?? NaN);
  return {
    run: run ?? "",
    step,
    size: number("size"),
    loss: number("loss"),
    rate: number("rate"),
    ...families,
  };
}

/** The parameter that is moved furthest by the batch, and how far. */
export function greatestUpdate({ updates }: Batch): { name: string; size: number } {
  let [name, size] = ["", 0];
  for (const [parameter, values] of updates) {
    const peak = peakOf(values);
    if (peak > size) [name, size] = [parameter, peak];
  }
  return { name, size };
}

/** The greatest absolute value; 0 of none. */
export function peakOf(values: ArrayLike<number> = []): number {
  let peak = 0;
  for (let at = 0; at < values.length; at++) peak = Math.max(peak, Math.abs(values[at] ?? 0));
  return peak;
}
