import type { Json } from "../../wire/plan";
import { functionOf } from "./forward";

/** A function of one number. */
export interface FunctionSum {
  kind: "function";
  name: string;
  x: number;
  total: number;
}

/** One share of a softmax, exp(x) over the sum of all, or its logarithm. */
export interface ShareSum {
  kind: "share";
  x: number;
  /** The total is the logarithm of the share: x less that of the sum. */
  logarithmic?: boolean;
  /** Of all units, so that they can be drawn. */
  shares: number[];
  chosen: number;
  total: number;
}

export function functionSum(
  name: string,
  fields: Record<string, Json>,
  x: number,
): FunctionSum | null {
  const apply = functionOf(name, fields);
  return apply && { kind: "function", name, x, total: apply(x) };
}

/** What softmax makes of one of several numbers. */
export function shareSum(numbers: ArrayLike<number>, chosen: number): ShareSum {
  const peak = Math.max(...Array.from(numbers));
  const powers = Array.from(numbers, (number) => Math.exp(number - peak));
  const whole = powers.reduce((sum, power) => sum + power, 0);
  const shares = powers.map((power) => power / whole);
  return { kind: "share", x: numbers[chosen] ?? 0, shares, chosen, total: shares[chosen] ?? 0 };
}

/** The logarithm of what softmax makes of it. */
export function logShareSum(numbers: ArrayLike<number>, chosen: number): ShareSum {
  const sum = shareSum(numbers, chosen);
  return { ...sum, logarithmic: true, total: Math.log(sum.total) };
}
