import type { Theme } from "../colour/scales";
import { Observable } from "../observable";
import { fetchWords, type Language } from "../words/words";

const THEME = "gradus.theme";
const LANGUAGE = "gradus.language";

/** Theme and language: the system's at first, the person's once chosen. */
export class Preferences {
  readonly theme: Observable<Theme>;
  readonly language: Observable<Language>;

  constructor(
    private readonly storage: Pick<Storage, "getItem" | "setItem">,
    dark: Pick<MediaQueryList, "matches" | "addEventListener">,
    systemLanguage: string,
  ) {
    this.theme = new Observable(readTheme(storage.getItem(THEME)) ?? themeOf(dark.matches));
    const language = readLanguage(storage.getItem(LANGUAGE));
    this.language = new Observable(language ?? languageOf(systemLanguage));
    dark.addEventListener("change", (event) => {
      if (!storage.getItem(THEME)) this.theme.set(themeOf(event.matches));
    });
  }

  chooseTheme(theme: Theme): void {
    this.storage.setItem(THEME, theme);
    this.theme.set(theme);
  }

  chooseLanguage(language: Language): void {
    this.storage.setItem(LANGUAGE, language);
    // The words first: a page that speaks another language has them all at once.
    void fetchWords(language).then(() => this.language.set(language));
  }
}

function readTheme(stored: string | null): Theme | null {
  return stored === "light" || stored === "dark" ? stored : null;
}

function readLanguage(stored: string | null): Language | null {
  return stored === "en" || stored === "zh" ? stored : null;
}

function themeOf(dark: boolean): Theme {
  return dark ? "dark" : "light";
}

function languageOf(system: string): Language {
  return system.toLowerCase().startsWith("zh") ? "zh" : "en";
}
