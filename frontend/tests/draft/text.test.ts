import { expect, test } from "vitest";

import { isProblem, readText, writeText } from "../../src/draft/text";
import type { Document } from "../../src/wire/plan";

const document: Document = {
  spec: "nn/1",
  data: { name: "digits" },
  network: { layers: [{ type: "conv2d", filters: 16, activation: "relu" }, "flatten", "linear"] },
  note: { empty: {}, list: [] },
};

test("a written document reads back as itself", () => {
  expect(readText(writeText(document))).toEqual(document);
});

test("short layers stay on one line", () => {
  expect(writeText(document)).toContain('{"type": "conv2d", "filters": 16, "activation": "relu"}');
});

test.each(["{", "[1]", "null", '"text"'])("%s is a problem, not a document", (text) => {
  expect(isProblem(readText(text))).toBe(true);
});
