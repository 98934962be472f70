import { Observable } from "../observable";
import { Refused, Unreachable } from "../wire/api";
import type { Language } from "../words/words";
import type { Catalogue } from "../wire/catalogue";

/**
 * Holds the catalogue once somebody wanted it, in the language of the page; a failed fetch is
 * tried at the next wish.
 */
export class Shelf {
  readonly catalogue = new Observable<Catalogue | null>(null);
  /** The language that is here or under way. */
  private asked: Language | null = null;

  constructor(
    private readonly fetch: (language: Language) => Promise<Catalogue>,
    private readonly language: Observable<Language>,
  ) {
    language.subscribe(() => {
      if (this.asked) void this.want();
    });
  }

  async want(): Promise<void> {
    const language = this.language.value;
    if (this.asked === language) return;
    this.asked = language;
    try {
      const catalogue = await this.fetch(language);
      // Another language may have been chosen meanwhile.
      if (this.asked === language) this.catalogue.set(catalogue);
    } catch (reason) {
      if (this.asked === language) this.asked = null;
      if (!(reason instanceof Refused || reason instanceof Unreachable)) throw reason;
    }
  }
}
