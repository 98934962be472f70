import { expect, test } from "vitest";

import type { Catalogue } from "../../src/wire/catalogue";
import { Shelf } from "../../src/catalogue/shelf";
import { Observable } from "../../src/observable";
import { Unreachable } from "../../src/wire/api";
import type { Language } from "../../src/words/words";

/** A service whose answers wait until the test lets them go. */
class Slow {
  readonly asked: Language[] = [];
  private readonly waiting = new Map<Language, (answer: Promise<Catalogue>) => void>();

  ask = (language: Language): Promise<Catalogue> => {
    this.asked.push(language);
    return new Promise((resolve) => this.waiting.set(language, resolve));
  };

  answer(language: Language): Promise<void> {
    return this.settle(language, Promise.resolve(inLanguage(language)));
  }

  fail(language: Language): Promise<void> {
    return this.settle(language, Promise.reject(new Unreachable()));
  }

  private async settle(language: Language, answer: Promise<Catalogue>): Promise<void> {
    this.waiting.get(language)?.(answer);
    await answer.catch(() => null);
    await Promise.resolve();
    await Promise.resolve();
  }
}

const catalogues = new Map<Language, Catalogue>();

function inLanguage(language: Language): Catalogue {
  const known = catalogues.get(language) ?? { layers: [], train: { fields: {}, required: [] } };
  catalogues.set(language, known);
  return known;
}

function shelved() {
  const service = new Slow();
  const language = new Observable<Language>("en");
  return { service, language, shelf: new Shelf(service.ask, language) };
}

test("nothing is fetched before somebody wants it, and then once a language", async () => {
  const { service, language, shelf } = shelved();
  language.set("zh");
  expect(service.asked).toEqual([]);
  void shelf.want();
  void shelf.want();
  await service.answer("zh");
  void shelf.want();
  expect(service.asked).toEqual(["zh"]);
  expect(shelf.catalogue.value).toBe(inLanguage("zh"));
});

test("another language is fetched when it is chosen, and a late answer in the old one dropped", async () => {
  const { service, language, shelf } = shelved();
  void shelf.want();
  language.set("zh");
  await service.answer("zh");
  await service.answer("en");
  expect(service.asked).toEqual(["en", "zh"]);
  expect(shelf.catalogue.value).toBe(inLanguage("zh"));
});

test("what could not be fetched is tried at the next wish", async () => {
  const { service, shelf } = shelved();
  const wish = shelf.want();
  await service.fail("en");
  await wish;
  expect(shelf.catalogue.value).toBeNull();
  void shelf.want();
  await service.answer("en");
  expect(shelf.catalogue.value).toBe(inLanguage("en"));
});
