import { isAsPreset, shortTitle, titleOfRow } from "../runs/naming";
import type { Document, Preset, RunRow } from "../wire/plan";
import type { Language } from "./words";

/** What a document is called: as a person named it, else its preset, else its data and its net. */
export function titleOf(
  { title, document }: { title: string; document: Document },
  presets: readonly Preset[],
  language: Language,
): string {
  const preset = presets.find(({ name }) => name === title);
  if (!preset) return title || shortTitle(document);
  if (!isAsPreset(document, preset)) return shortTitle(document) || title;
  return preset.title[language] ?? preset.title["en"] ?? title;
}

/** What a run in a list is called. */
export function titleInList(row: RunRow, presets: readonly Preset[], language: Language): string {
  const { document } = row;
  return titleOf({ title: titleOfRow(row, presets), document }, presets, language) || row.id;
}
