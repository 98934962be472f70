import type { Preset } from "../wire/plan";
import type { Language } from "./words";

/** What a person calls a document: a preset in the language of the page, else as it was named. */
export function titleOf(name: string, presets: readonly Preset[], language: Language): string {
  const preset = presets.find((candidate) => candidate.name === name);
  return preset?.title[language] ?? preset?.title["en"] ?? name;
}
