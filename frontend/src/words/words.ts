import { en } from "./en";

export type Language = "en" | "zh";
export type WordKey = keyof typeof en;
export type Params = Record<string, string | number>;

/** Fetched when it is chosen: nobody reads two languages at once. */
let chinese: typeof import("./zh") | null = null;

/** Fetches the words of a language; until they are there the page speaks English. */
export async function fetchWords(language: Language): Promise<void> {
  if (language === "zh") chinese ??= await import("./zh");
}

/** The text of a key in a language, its `{names}` filled in. */
export function say(language: Language, key: WordKey, params: Params = {}): string {
  const catalogue = language === "zh" && chinese ? chinese.zh : en;
  return fill(catalogue[key], params);
}

/** A text with its `{names}` filled in. */
export function fill(text: string, params: Params): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

/** The words of the language `nn/1` in Chinese, as far as they have been fetched. */
export function chineseTerms(): Readonly<Record<string, string>> {
  return chinese?.TERMS ?? {};
}
