import { readSum, weightSum } from "../layers/attention/sum";
import { QUERIES } from "../layers/attention/bands";
import { cellSum } from "../layers/recurrent/sum";
import { GATES } from "../layers/recurrent/bands";
import type { Card } from "../layout/cards";
import { formatTerm } from "../numbers/format";
import type { Spot } from "../page/state";
import type { Say } from "../page/workbench";
import type { WordKey } from "../words/words";
import { memorySum } from "../layers/memory/sum";
import { type Known, matrixOf, partOf } from "./matrix";
import { headsOf } from "./painting";
import { type InsideSum, tellInside } from "./telling";

// Factors come with 11 bits each; their products are that far from the number that was sent.
const PRECISION = 0.005;

/** What is said of the number of a band that is pointed at. */
export interface BandTelling {
  /** Where it stands, in words. */
  where: string;
  /** How it came to be, step by step. */
  steps: string[];
  /** The number itself, where one is pointed at. */
  value: number | null;
}

/** Words and figures for a place on a card with bands; null where the place is not on it. */
export function tellBand(card: Card, spot: Spot, known: Known, say: Say): BandTelling | null {
  const band = card.bands[spot.index];
  if (!band) return null;
  const pixel = spot.pixel ?? 0;
  const [row, column] = [Math.floor(pixel / band.columns), pixel % band.columns];
  const value = matrixOf(card, spot.index, known)?.values[pixel] ?? null;
  const sum = sumOf(card, spot.index, row, column, known);
  const steps = sum
    ? tellInside(settled(sum, value), say)
    : value === null
      ? []
      : [`= ${formatTerm(value)}`];
  return { where: whereOf(card, spot.index, row, column, say), steps, value };
}

/** The sum with the number that was sent, where both agree as far as half precision goes. */
function settled(sum: InsideSum, value: number | null): InsideSum {
  if (sum.kind === "read" || value === null) return sum;
  return Math.abs(sum.total - value) < PRECISION ? { ...sum, total: value } : sum;
}

/** How the number at a row and a column of a band came to be; null where nothing is told. */
export function sumOf(
  card: Card,
  index: number,
  row: number,
  column: number,
  known: Known,
): InsideSum | null {
  const { part, block, columns } = card.bands[index] ?? { part: "", block: 0, columns: 1 };
  const [layer] = card.parts;
  if (layer && card.type in GATES) {
    return cellSum(layer, { place: block, part, unit: row, step: column }, known.inside);
  }
  const heads = headsOf(card, known);
  if (heads && part === QUERIES) return readSum(heads, column);
  if (heads && part.startsWith("head")) {
    const scores = partOf(card, "scores", known)?.values;
    return weightSum(heads, scores, index - 1, row * columns + column);
  }
  if (card.type.endsWith("_memory")) {
    return memorySum(card, part, row * columns + column, known.inside);
  }
  if (card.type === "positional_encoding") return placeSum(card, part, row, column, known);
  if (part === "norms") return normSum(card, row, known);
  return null;
}

function placeSum(
  card: Card,
  part: string,
  unit: number,
  step: number,
  known: Known,
): InsideSum | null {
  const at = (index: number): number | undefined => {
    const matrix = matrixOf(card, index, known);
    return matrix?.values[unit * matrix.columns + step];
  };
  const [place, after] = [at(0), at(1)];
  if (place === undefined) return null;
  if (part === "y") {
    if (after === undefined) return null;
    const told = `x + p: ${formatTerm(after - place)} + ${formatTerm(place)}`;
    return { kind: "plain", told, total: after };
  }
  if (card.fields["kind"] === "learned") return { kind: "plain", told: "p", total: place };
  const units = card.shape[1] ?? 1;
  const wave = unit % 2 ? "cos" : "sin";
  const power = `${unit - (unit % 2)}/${units}`;
  return { kind: "plain", told: `p = ${wave}(${step} / 10000^(${power}))`, total: place };
}

function normSum(card: Card, row: number, known: Known): InsideSum | null {
  const norm = partOf(card, "norms", known)?.values[row];
  return norm === undefined ? null : { kind: "plain", told: `‖e${row}‖ = √(Σ e²)`, total: norm };
}

const PARTS: Readonly<Record<string, WordKey>> = {
  i: "gateIn",
  f: "gateForget",
  o: "gateOut",
  g: "gateNew",
  c: "stateMemory",
  h: "stateHidden",
  r: "gateReset",
  z: "gateUpdate",
  n: "gateNew",
  p: "placePart",
  table: "tablePart",
  norms: "normPart",
};

/** The name of a band in words. */
export function bandName(card: Card, index: number, say: Say): string {
  const band = card.bands[index];
  if (!band) return "";
  if (band.part === QUERIES) return say("beamsPart");
  if (band.part.startsWith("head")) return say("headPart", { head: index });
  if (band.part === "gates") return say("gatesPart");
  if (band.part === "weights") return say("weightsPart");
  const word = PARTS[band.part];
  return word && card.bands.length > 1 ? say(word) : say("outputPart");
}

function whereOf(card: Card, index: number, row: number, column: number, say: Say): string {
  const band = card.bands[index];
  const name = `${card.name} · ${bandName(card, index, say)}`;
  if (!band || band.part === QUERIES) return `${name} · ${say("stepOf", { step: column + 1 })}`;
  if (band.part.startsWith("head")) {
    return `${name} · ${say("weightOf", { query: row + 1, key: column + 1 })}`;
  }
  if (card.type.includes("embedding") && card.type !== "positional_encoding") {
    return `${name} · ${say("rowOf", { row })}`;
  }
  if (card.type === "episodic_memory") {
    return `${name} · ${say("factOf", { fact: column + 1, pass: row + 1 })}`;
  }
  if (card.type === "entity_memory") {
    return `${name} · ${say("slotOf", { slot: row + 1, sentence: column + 1 })}`;
  }
  return `${name} · ${say("unitAt", { unit: row + 1, step: column + 1 })}`;
}
