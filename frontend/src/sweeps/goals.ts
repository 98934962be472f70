import { formatLoss, formatShare } from "../numbers/format";
import type { SaySweeps } from "../words/sweeps/words";
import type { Goal, Member } from "../wire/sweeps";
import { goalOf } from "./coordinates";

/** What a series is called as a goal; one that the document names keeps its name. */
export function goalWords(series: string, say: SaySweeps): string {
  const found = /^(validation|train_eval|train)\/(loss|accuracy)$/.exec(series);
  const [, part, measure] = found ?? [];
  if (!part || !measure) return say("goal_other", { series });
  const said = say(part === "validation" ? "part_validation" : "part_train");
  return say(measure === "loss" ? "goal_loss" : "goal_accuracy", { part: said });
}

/** The same as the name of a figure: nothing of which way is better. */
export function figureWords(series: string, say: SaySweeps): string {
  const words = goalWords(series, say);
  return words.split(/,\s|，/)[0] ?? words;
}

export function writeGoal(value: number | null, { series }: Pick<Goal, "series">): string {
  if (value === null) return "–";
  return series.endsWith("accuracy") ? formatShare(value) : formatLoss(value);
}

export function goalSaid(member: Member, goal: Goal, say: SaySweeps): string {
  const value = goalOf(member);
  return value === null
    ? say("noGoal")
    : `${figureWords(goal.series, say)} ${writeGoal(value, goal)}`;
}
