import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { Reading } from "../../src/text/reading";
import type { Json } from "../../src/wire/plan";

interface Cases {
  words: { written: string; meant: Json }[];
  spec: string;
  places: { pointer: string; line: number; column: number }[];
  faults: { text: string; code: string; line: number; column: number }[];
}

/** The Python client reads the same cases. */
const path = new URL("../../../tests/gradus_client/readings.json", import.meta.url);
const CASES = JSON.parse(readFileSync(path, "utf-8")) as Cases;

function start(text: string, pointer: string): { line: number; column: number } {
  const { key, value } = new Reading(text).place(pointer);
  const before = text.slice(0, (key ?? value)[0]);
  return { line: before.split("\n").length, column: before.length - before.lastIndexOf("\n") };
}

test.each(CASES.words)("the plain word $written means $meant", ({ written, meant }) => {
  const { document, problems } = new Reading(`a: ${written}\n`);
  expect(problems).toEqual([]);
  expect(document).toStrictEqual({ a: meant });
});

test.each(CASES.places)("$pointer has its place", ({ pointer, line, column }) => {
  expect(start(CASES.spec, pointer)).toEqual({ line, column });
});

test.each(CASES.faults)("$text is refused as $code", ({ text, code, line, column }) => {
  const { problems } = new Reading(text);
  expect(problems.map((problem) => problem.code)).toEqual([code]);
  // Two parsers notice the same slip of syntax at different signs.
  if (code !== "source.syntax") expect(problems[0]?.params).toMatchObject({ line, column });
});

test("all faults of a text are told at once, in its order", () => {
  const { problems } = new Reading("a: &x 1\nb: *x\nc: !t 2\na: .inf\n");
  expect(problems.map(({ code }) => code.slice("source.".length))).toEqual(
    "anchor alias tag double number".split(" "),
  );
});

test("what is no syntax is told where it happens, with what is wrong", () => {
  const [problem] = new Reading("a: 1\nb: [1, 2\nc: 3\n").problems;
  expect(problem?.code).toBe("source.syntax");
  expect(problem?.params["line"]).toBeGreaterThanOrEqual(2);
  expect(problem?.params["what"]).toMatch(/\w/);
});

test("JSON is read as JSON, tabs and all", () => {
  const text =
    '{\n\t"network": {\n\t\t"layers": ["flatten", {"type": "linear", "units":0}]\n\t}\n}\n';
  const reading = new Reading(text);
  expect(reading.problems).toEqual([]);
  expect(reading.document).toEqual(JSON.parse(text));
  expect(start(text, "/network/layers/1/units")).toEqual({ line: 3, column: 44 });
});

test("a key of the language of the page itself is a key like any other", () => {
  expect(new Reading("a: 1\n__proto__: 2\n").document).toEqual(JSON.parse('{"a":1,"__proto__":2}'));
});

test.each([
  ["brackets", "[".repeat(100_000)],
  ["dashes", `${"- ".repeat(100_000)}x`],
  ["indents", Array.from({ length: 2_000 }, (_, depth) => `${" ".repeat(depth)}a:\n`).join("")],
])("a hundred thousand %s are refused before they fill the stack", (_, text) => {
  expect(new Reading(text).problems.map(({ code }) => code)).toEqual(["source.deep"]);
});

test("a list as deep as the limit is read", () => {
  const text = "[".repeat(32) + "]".repeat(32);
  expect(new Reading(text).problems).toEqual([]);
});
