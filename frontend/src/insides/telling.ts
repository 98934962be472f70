import type { CellSum } from "../layers/recurrent/sum";
import type { ReadSum, WeightSum } from "../layers/attention/sum";
import { formatTerm } from "../numbers/format";
import type { Say } from "../page/workbench";

const MOST_SCORES = 6;

/** A plain formula with its numbers, such as what is added to a step. */
export interface PlainSum {
  kind: "plain";
  told: string;
  total: number;
}

export type InsideSum = CellSum | WeightSum | ReadSum | PlainSum;

/** The steps to one number of a band, each as a text of its own. */
export function tellInside(sum: InsideSum, say: Say): string[] {
  if (sum.kind === "cell") {
    const filled = sum.written.replace(/\{(\d)\}/g, (_, at: string) =>
      bracketed(sum.numbers[Number(at)] ?? NaN),
    );
    return [sum.formula, `= ${filled} = ${formatTerm(sum.total)}`];
  }
  if (sum.kind === "plain") return [`${sum.told} = ${formatTerm(sum.total)}`];
  if (sum.kind === "read") {
    const shares = sum.shares.map(({ key, weight }) => {
      return `${Math.round(weight * 100)} % ${say("keyOf", { key: key + 1 })}`;
    });
    return [`${say("queryReads", { query: sum.query + 1 })} ${shares.join(" + ")} + …`];
  }
  return tellWeight(sum, say);
}

function tellWeight({ score, scores, key, query, total }: WeightSum, say: Say): string[] {
  if (score === null) return [`= ${formatTerm(total)}`];
  if (score === -Infinity) return [say("hiddenKey", { key: key + 1, query: query + 1 })];
  const powers = scores.filter((each) => each > -Infinity);
  const shown = powers.slice(0, MOST_SCORES).map(power);
  const more = powers.length > MOST_SCORES ? " + …" : "";
  return [
    `q${lowered(query)}·k${lowered(key)} → ${formatTerm(score)}`,
    `${power(score)} / (${shown.join(" + ")}${more}) = ${formatTerm(total)}`,
  ];
}

function power(score: number): string {
  return `exp(${formatTerm(score)})`;
}

/** Negative numbers in brackets, so that no two signs meet. */
function bracketed(value: number): string {
  const told = formatTerm(value).replace(/^−(0\.0+)$/, "$1");
  return told.startsWith("−") ? `(${told})` : told;
}

function lowered(index: number): string {
  return [...String(index + 1)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]).join("");
}
