import type { Card } from "../../layout/cards";
import { unitSymbol } from "../../layout/names";
import { arrayOf, type Picture } from "../../wire/frame";

export interface Term {
  weight: number;
  symbol: string;
}

/** A dense unit as it is written: activation, weighted terms by size, bias. */
export interface Sum {
  activation: string;
  terms: Term[];
  left: number;
  bias: number;
}

const MOST_TERMS = 6;

/** The sum behind a dense unit, its largest terms first; null where its weights are not known. */
export function sumOf(card: Card, source: Card, unit: number, weights?: Picture): Sum | null {
  const weight = arrayOf(weights, `${card.name}.weight`);
  const width = weight?.shape[1];
  if (!weight || !width || weight.shape.length !== 2) return null;
  const row = weight.values.subarray(unit * width, (unit + 1) * width);
  const terms = [...row].map((value, index) => ({
    weight: value,
    symbol: unitSymbol(source, index),
  }));
  terms.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  return {
    activation: card.chips[0] ?? "",
    terms: terms.slice(0, MOST_TERMS),
    left: Math.max(0, terms.length - MOST_TERMS),
    bias: arrayOf(weights, `${card.name}.bias`)?.values[unit] ?? 0,
  };
}
