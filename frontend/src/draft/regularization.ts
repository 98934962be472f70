import type { Document, Json } from "../wire/plan";
import type { Changes } from "../wire/types";
import { valueAt } from "./edits";

export const RULES = ["none", "l1", "l2", "both"] as const;
export type Rule = (typeof RULES)[number];

// What a rule begins with: felt on a small net, and no harm to a good one.
const FIRST_RATE = 0.001;

/** Which weights' sums are added to the loss, and how strongly; a run's changes go before. */
export function regularizationOf(
  document: Document,
  changes: Changes,
): { kind: Rule; rate: number } {
  const l1 = changes.l1 ?? numberOf(valueAt(document, ["train", "l1"]));
  const l2 = changes.l2 ?? numberOf(valueAt(document, ["train", "l2"]));
  const kind = l1 > 0 && l2 > 0 ? "both" : l1 > 0 ? "l1" : l2 > 0 ? "l2" : "none";
  return { kind, rate: Math.max(l1, l2) };
}

/** What a running run is told so that the rule holds. */
export function ruleChanges(kind: Rule, rate: number): Changes {
  const strength = rate > 0 ? rate : FIRST_RATE;
  return {
    l1: kind === "l1" || kind === "both" ? strength : 0,
    l2: kind === "l2" || kind === "both" ? strength : 0,
  };
}

function numberOf(value: Json | undefined): number {
  return typeof value === "number" ? value : 0;
}
