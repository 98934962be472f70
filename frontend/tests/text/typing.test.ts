import { expect, test, vi } from "vitest";

import { INITIAL, type State } from "../../src/page/state";
import { Typing } from "../../src/text/typing";
import type { Document } from "../../src/wire/plan";

/** A page that, like the real one, holds the new text for a moment beside the old document. */
function page(document: Document, source: string | null = null) {
  let state: State = { ...INITIAL, document, source };
  const asked: (string | null)[] = [];
  const change = (part: Partial<State>): void => {
    state = { ...state, ...part };
    asked.push(typing.wanted("yaml"));
  };
  const writer = {
    edit: vi.fn((document: Document, source: string) => {
      change({ source, unread: false });
      change({ document });
    }),
    misread: vi.fn(() => change({ unread: true })),
    reread: vi.fn((source: string) => change({ source, unread: false })),
  };
  const typing: Typing = new Typing(writer, () => state, 0);
  return { typing, writer, asked, change };
}

function write(typing: Typing, text: string): void {
  typing.type(text);
  typing.rest();
}

test("what is typed becomes the page's document, and the text is not written back", () => {
  const { typing, writer, asked } = page({ a: 1 });
  expect(typing.wanted("yaml")).toBe("a: 1\n");
  write(typing, "a: 2 # two\n");
  expect(writer.edit).toHaveBeenCalledExactlyOnceWith({ a: 2 }, "a: 2 # two\n");
  expect(asked).toEqual([null, null]);
  expect(typing.wanted("yaml")).toBeNull();
});

test("nothing is written back while the hand still types", () => {
  const { typing, change, asked } = page({ a: 1 });
  typing.type("a: 12");
  change({ document: { a: 3 } });
  expect(asked).toEqual([null]);
});

test("an edit of the picture asks for its own line, with the comments of the others", () => {
  const { typing, change, asked } = page({ a: 1, b: 2 });
  write(typing, "a: 1 # one\nb: 2\n");
  change({ document: { a: 1, b: 3 } });
  expect(asked.at(-1)).toBe("a: 1 # one\nb: 3\n");
});

test("a change of comments alone is no edit", () => {
  const { typing, writer } = page({ a: 1 }, "a: 1\n");
  write(typing, "a: 1 # one\n");
  expect(writer.edit).not.toHaveBeenCalled();
  expect(writer.reread).toHaveBeenCalledExactlyOnceWith("a: 1 # one\n");
});

test("what does not read, or is no document, is told as such", () => {
  const { typing, writer } = page({ a: 1 });
  for (const text of ["a: [", "- 1\n"]) write(typing, text);
  expect(writer.edit).not.toHaveBeenCalled();
  expect(writer.misread.mock.calls).toMatchObject([
    [[{ code: "source.syntax" }]],
    [[{ code: "document.not_an_object" }]],
  ]);
});
