import type { VerdictBody } from "../wire/types";

/** What the service found wrong with a training, with its evidence. */
export interface Verdict {
  /** Where its words are: `verdict.dead`, `verdict.overfit`, … */
  code: string;
  params: Readonly<Record<string, unknown>>;
  step: number;
}

// These are told in their own places: by a break of the curve, and in the log.
const TOLD_ELSEWHERE: readonly string[] = ["verdict.diverged", "verdict.identity_changed"];

/** A verdict on the training itself; null for what is told elsewhere. */
export function verdictOf({ code, params = {}, step = 0 }: VerdictBody): Verdict | null {
  return TOLD_ELSEWHERE.includes(code) ? null : { code, params, step };
}

/** What is wrong now: the newest word on each layer or matter, the newest of all first. */
export function standing(verdicts: readonly Verdict[]): Verdict[] {
  const matters = new Map<string, Verdict>();
  for (const verdict of verdicts) {
    const matter = `${verdict.code} ${String(verdict.params["layer"] ?? "")}`;
    matters.delete(matter);
    matters.set(matter, verdict);
  }
  return [...matters.values()].reverse();
}
