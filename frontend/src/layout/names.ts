import { TERM_NAMES } from "../layers/features/terms";
import type { Card } from "./cards";

const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";

/** What a unit is called in a sum: x₁, sin x₂, a₃. */
export function unitSymbol(card: Card, index: number): string {
  if (card.type === "features") {
    const terms = card.fields["terms"];
    const term = Array.isArray(terms) ? terms[index] : undefined;
    return TERM_NAMES[String(term)] ?? lowered("φ", index);
  }
  return lowered(card.type === "input" ? "x" : "a", index);
}

function lowered(letter: string, index: number): string {
  return letter + [...String(index + 1)].map((digit) => SUBSCRIPTS[Number(digit)]).join("");
}
