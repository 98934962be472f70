import { en } from "./en";
import { zh } from "./zh";

export type Language = "en" | "zh";
export type WordKey = keyof typeof en;
export type Params = Record<string, string | number>;

const CATALOGUES: Record<Language, Record<WordKey, string>> = { en, zh };

/** The text of a key in a language, its `{names}` filled in. */
export function say(language: Language, key: WordKey, params: Params = {}): string {
  return CATALOGUES[language][key].replace(/\{(\w+)\}/g, (whole, name: string) =>
    String(params[name] ?? whole),
  );
}
