import { expect, test } from "vitest";

import { KeptDraft } from "../../src/draft/kept";
import { INITIAL } from "../../src/page/state";

function storage() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
}

const DRAFT = { title: "spiral", document: { spec: "nn/1" }, source: "spec: nn/1 # by hand\n" };

test("a reloaded page finds its draft, with the comments of its text", () => {
  const shared = storage();
  new KeptDraft(shared).keep({ ...INITIAL, ...DRAFT });
  expect(new KeptDraft(shared).read()).toEqual(DRAFT);
});

test("a comment that was added to the same document is kept", () => {
  const kept = new KeptDraft(storage());
  kept.keep({ ...INITIAL, ...DRAFT, source: null });
  expect(kept.read()?.source).toBeNull();
  kept.keep({ ...INITIAL, ...DRAFT });
  expect(kept.read()?.source).toBe(DRAFT.source);
});

test("what cannot be read is no draft", () => {
  const shared = storage();
  shared.setItem("gradus.draft", "{");
  expect(new KeptDraft(shared).read()).toBeNull();
});
