import { expect, test } from "vitest";

import { givenName, titleOfRow } from "../../src/runs/naming";
import type { Document, Preset, RunRow } from "../../src/wire/plan";
import { titleInList } from "../../src/words/titles";

const layers = [{ type: "linear", units: 8, activation: "tanh" }, "linear"];
const document: Document = { name: "arms", data: { name: "spiral" }, network: { layers } };
const presets: Preset[] = [{ name: "spiral3", title: { en: "Arms", zh: "三臂" }, document }];

function row(change: Partial<RunRow>): RunRow {
  return { id: "run_1", name: "arms", scratch: true, document, ...change } as RunRow;
}

test("only a title that a person gave is a name", () => {
  expect(givenName("spiral3", presets)).toBeNull();
  expect(givenName("", presets)).toBeNull();
  expect(givenName("mine", presets)).toBe("mine");
});

test("a run that nobody named keeps the title of its preset, also once it is pinned", () => {
  expect(titleOfRow(row({}), presets)).toBe("spiral3");
  expect(titleOfRow(row({ scratch: false }), presets)).toBe("spiral3");
  expect(titleOfRow(row({ scratch: false, name: "mine" }), presets)).toBe("mine");
  expect(titleOfRow(row({ document: { data: "iris" }, name: "iris" }), presets)).toBe("");
});

test("a list calls a run by its name, its preset, else by its data and its net", () => {
  const narrow = { ...document, network: { layers: ["linear"] } };
  const bare = { data: "iris", network: { layers } };
  expect(titleInList(row({ name: "mine", scratch: false }), presets, "zh")).toBe("mine");
  expect(titleInList(row({}), presets, "zh")).toBe("三臂");
  expect(titleInList(row({ document: narrow }), presets, "en")).toBe("spiral · linear");
  expect(titleInList(row({ document: bare, name: "iris" }), presets, "en")).toBe(
    "iris · 8 tanh · linear",
  );
});
