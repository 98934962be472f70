import { expect, test } from "vitest";

import { beginDraft, type Entry, goalsOf } from "../../src/sweeps/draft";
import { faultsOf, placedFaults } from "../../src/sweeps/faults";
import { firstChoice } from "../../src/sweeps/suggestions";
import { variablesOf } from "../../src/sweeps/variables";
import { CATALOGUE, DOCUMENT, PLAN } from "./spiral";

const DRAFT = beginDraft(firstChoice(variablesOf(DOCUMENT, PLAN, CATALOGUE)), goalsOf(PLAN));

function withFirst(change: Partial<Entry>) {
  return {
    ...DRAFT,
    entries: DRAFT.entries.map((entry, at) => (at === 0 ? { ...entry, ...change } : entry)),
  };
}

function words(draft: typeof DRAFT, most: number | null = null) {
  return faultsOf(draft, most).map(({ at, words }) => [at, words]);
}

test("the first suggestion has no fault", () => {
  expect(faultsOf(DRAFT, 64)).toEqual([]);
});

test("each kind of wrong list is told at its field", () => {
  expect(words(withFirst({ list: "0.1, a" }))).toEqual([[0, "faultNumbers"]]);
  expect(words(withFirst({ list: " " }))).toEqual([[0, "faultEmpty"]]);
  expect(words(withFirst({ list: "0.1, 0.1" }))).toEqual([[0, "faultRepeated"]]);
  expect(words(withFirst({ list: "0.1, 11" }))).toEqual([[0, "faultMost"]]);
  expect(words(withFirst({ list: "−1" }))).toEqual([[0, "faultLeast"]]);
});

test("a range has its own faults", () => {
  const ranged = (change: Partial<Entry>) => ({
    ...withFirst({ ranged: true, log: false, ...change }),
    method: "random" as const,
  });
  expect(words(ranged({ low: "1", high: "0.1" }))).toEqual([[0, "faultOrder"]]);
  expect(words(ranged({ low: "0", high: "1", log: true }))).toEqual([[0, "faultLog"]]);
  expect(words(ranged({ low: "", high: "1" }))).toEqual([[0, "faultNumbers"]]);
});

test("units are whole, and a field is varied once", () => {
  const [, units] = DRAFT.entries;
  if (!units) throw new Error("no units");
  expect(words({ ...DRAFT, entries: [{ ...units, list: "2.5" }] })).toEqual([[0, "faultWhole"]]);
  expect(words({ ...DRAFT, entries: [units, units] })).toEqual([[1, "faultTwice"]]);
});

test("one net more than is allowed is too many", () => {
  expect(words({ ...DRAFT, seeds: "2" }, 128)).toEqual([]);
  expect(words({ ...DRAFT, seeds: "2" }, 127)).toEqual([["whole", "faultMany"]]);
});

test("counts are whole numbers from 1, and something has to vary", () => {
  expect(words({ ...DRAFT, seeds: "0" })).toEqual([["seeds", "faultCount"]]);
  expect(words({ ...DRAFT, method: "qmc", members: "x" })).toEqual([["members", "faultCount"]]);
  expect(words({ ...DRAFT, rule: "halving", after: "" })).toEqual([["prune", "faultCount"]]);
  expect(words({ ...DRAFT, entries: [] })).toEqual([["whole", "faultNothing"]]);
});

test("what the service finds stands at the field that it is about", () => {
  const problems = [
    "/vary/1/values/2",
    "/document/train/optimizer/learning_rate",
    "/seeds",
    "/document/network/layers/0/activation",
  ].map((path) => ({ path, message: path, text: path }));
  const faults = placedFaults(problems as never, DRAFT.entries);
  expect(faults.map(({ at }) => at)).toEqual([1, 0, "seeds", "whole"]);
  expect(faults[0]?.text).toBe("/vary/1/values/2");
});
