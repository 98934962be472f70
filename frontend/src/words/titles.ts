import { DRAWN } from "../points/drawn";
import { SETS } from "../points/sets";
import { isAsPreset, shortTitle, titleOfRow } from "../runs/naming";
import { datasetOf } from "../runs/row";
import type { Document, Preset, RunRow } from "../wire/plan";
import { type Language, say } from "./words";

/** What a document is called: as a person named it, else its preset, else its data and its net. */
export function titleOf(
  { title, document }: { title: string; document: Document },
  presets: readonly Preset[],
  language: Language,
): string {
  const preset = presets.find(({ name }) => name === title);
  if (!preset) return title || toldTitle(document, language);
  if (!isAsPreset(document, preset)) return toldTitle(document, language) || title;
  return preset.title[language] ?? preset.title["en"] ?? title;
}

/** Data and net, the data by the name that the page gives them. */
function toldTitle(document: Document, language: Language): string {
  const data = datasetOf({ document });
  const words = data === DRAWN ? "dsOwn" : SETS.find(({ name }) => name === data)?.words;
  const short = shortTitle(document);
  return words ? short.replace(data, say(language, words)) : short;
}

/** What a run in a list is called. */
export function titleInList(row: RunRow, presets: readonly Preset[], language: Language): string {
  const { document } = row;
  return titleOf({ title: titleOfRow(row, presets), document }, presets, language) || row.id;
}
