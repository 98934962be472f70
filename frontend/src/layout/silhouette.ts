import { asEntry } from "../draft/names";
import { layersOf } from "../draft/structure";
import type { Document, Json, Preset } from "../wire/plan";

/** A layer in a small picture: a stack of sheets, a column of dots, bands of gates, or beams. */
export interface Column {
  kind: "sheets" | "dots" | "bands" | "beams";
  count: number;
}

const MOST_DOTS = 7;
const MOST_SHEETS = 4;
const FILTERS_PER_SHEET = 8;
const SUGGESTED = 3;
const RECURRENT = /^(rnn|lstm|gru|conv_rnn|decoder_rnn)$/;
const ATTENDING = /^(attention|transformer_encoder|transformer_decoder)$/;
const BANDS = 4;
const BEAMS = 4;

/** What a document's net looks like from afar, read off its text without planning it. */
export function silhouette(document: Document): Column[] {
  return layersOfAll(document).flatMap((written): Column[] => {
    const { type, units, filters, terms } = asEntry(written);
    if (Array.isArray(terms)) return [dots(terms.length)];
    if (RECURRENT.test(String(type))) return [{ kind: "bands", count: BANDS }];
    if (ATTENDING.test(String(type))) return [{ kind: "beams", count: BEAMS }];
    if (typeof filters === "number") {
      const count = Math.min(MOST_SHEETS, Math.max(1, Math.round(filters / FILTERS_PER_SHEET)));
      return [{ kind: "sheets", count }];
    }
    return type === "linear" ? [dots(typeof units === "number" ? units : 1)] : [];
  });
}

/** Several networks stand one behind the other. */
function layersOfAll(document: Document): Json[] {
  const { networks } = document;
  if (typeof networks !== "object" || networks === null) return layersOf(document);
  return Object.values(networks).flatMap((network) => layersOf({ network }));
}

function dots(count: number): Column {
  return { kind: "dots", count: Math.min(MOST_DOTS, count) };
}

/** Three presets to begin with: those on the same data first, then of other data one each. */
export function suggested(presets: readonly Preset[], document: Document): Preset[] {
  const own = asEntry(document["data"])["name"];
  const setOf = (preset: Preset) => asEntry(preset.document["data"])["name"];
  const alike = presets.filter((preset) => setOf(preset) === own);
  const others = presets.filter((preset, at) => {
    const first = presets.findIndex((each) => setOf(each) === setOf(preset)) === at;
    return setOf(preset) !== own && first;
  });
  // The simplest and the richest of the others.
  return [...alike, ...others.slice(0, 1), ...others.slice(1).toReversed()].slice(0, SUGGESTED);
}
