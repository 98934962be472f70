import { formatTerm } from "../../numbers/format";
import { arrayOf, type Picture } from "../../wire/frame";
import type { Card } from "../../layout/cards";
import type { InsideSum } from "../../insides/telling";

// Half precision has no number below this that a score could reach.
const HIDDEN = -60_000;

/** How the gate of a fact or a sentence came to be, or the weight of a slot; null where unknown. */
export function memorySum(
  card: Pick<Card, "name" | "type">,
  part: string,
  pixel: number,
  inside: Picture | undefined,
): InsideSum | null {
  const of = (name: string) => arrayOf(inside, `${card.name}.${name}`)?.values;
  if (part === "weights") return weightSum(of("scores"), pixel);
  if (card.type === "episodic_memory") return factSum(of("scores")?.[pixel]);
  return slotSum(of("held")?.[pixel], of("keyed")?.[pixel]);
}

function factSum(score: number | undefined): InsideSum | null {
  if (score === undefined) return null;
  if (score <= HIDDEN) return { kind: "plain", told: "g", total: 0 };
  const formula = "g = σ(W₂·tanh(W₁·z + b₁) + b₂)";
  return { kind: "cell", formula, numbers: [score], written: "σ({0})", total: sigmoid(score) };
}

function slotSum(held: number | undefined, keyed: number | undefined): InsideSum | null {
  if (held === undefined || keyed === undefined) return null;
  if (held <= HIDDEN) return { kind: "plain", told: "g", total: 0 };
  return {
    kind: "cell",
    formula: "g = σ(h·s + w·s)",
    numbers: [held, keyed],
    written: "σ({0} + {1})",
    total: sigmoid(held + keyed),
  };
}

function weightSum(scores: Float32Array | undefined, slot: number): InsideSum | null {
  const score = scores?.[slot];
  if (!scores || score === undefined) return null;
  const peak = Math.max(...scores);
  const powers = [...scores].map((each) => Math.exp(each - peak));
  const total = Math.exp(score - peak) / powers.reduce((sum, power) => sum + power, 0);
  return { kind: "plain", told: `p = exp(q·h) / Σ exp = exp(${formatTerm(score)}) / Σ exp`, total };
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
