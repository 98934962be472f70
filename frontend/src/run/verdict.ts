import type { VerdictBody } from "../wire/types";
import type { RunView } from "./run";

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

// A loss this far below what it swung between has long left off swinging.
const LEFT_OFF = 0.5;

/**
 * What is wrong now: the newest word on each layer or matter, the newest of all first. `loss` is
 * that of the training at present, which outlives a word on a rate that was too high.
 */
export function standing(verdicts: readonly Verdict[], loss = NaN): Verdict[] {
  const matters = new Map<string, Verdict>();
  for (const verdict of verdicts) {
    const swung = verdict.code === "verdict.rate_swings" ? Number(verdict.params["low"]) : NaN;
    if (loss < LEFT_OFF * swung) continue;
    const matter = `${verdict.code} ${String(verdict.params["layer"] ?? "")}`;
    matters.delete(matter);
    matters.set(matter, verdict);
  }
  return [...matters.values()].reverse();
}

/** What is most wrong with a run at the step on show; undefined where nothing is. */
export function wrongOf(run: RunView | null): Verdict | undefined {
  const step = run?.step ?? 0;
  const made = (run?.verdicts ?? []).filter((verdict) => verdict.step <= step);
  return standing(made, run?.figures["train_eval/loss"] ?? run?.figures["train/loss"])[0];
}
