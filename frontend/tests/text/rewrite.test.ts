import { expect, test } from "vitest";

import { applied, rewrite, rewritten } from "../../src/text/rewrite";
import { Reading } from "../../src/text/reading";
import { writeJson } from "../../src/text/json";
import { writeYaml } from "../../src/text/yaml";
import type { Document, Json } from "../../src/wire/plan";

const SPEC = `\
# A spiral, by hand.
spec: nn/1

data: {name: spiral, options: {points: 500}}  # half of them to train on
network:
  layers:
    # what goes in
    - {type: features, terms: [x, y]}
    - type: linear   # the first
      units: 8
      activation: "tanh"
    - linear
train:
  epochs: 400        # long
  optimizer: {type: adam, learning_rate: 1e-2}
`;

type Layers = Json[];

function read(text: string): Document {
  const { document, problems } = new Reading(text);
  expect(problems).toEqual([]);
  return document as Document;
}

function layersOf(document: Document): Layers {
  return (document["network"] as Document)["layers"] as Layers;
}

/** What an edit of the document changes in the text, as lines that went and lines that came. */
function change(text: string, edit: (document: Document) => void): [string[], string[]] {
  const document = structuredClone(read(text));
  edit(document);
  const after = rewritten(text, document);
  expect(read(after)).toEqual(document);
  const [before, now] = [text.split("\n"), after.split("\n")];
  return [before.filter((line) => !now.includes(line)), now.filter((l) => !before.includes(l))];
}

test("a number changes in its own line, and the comment behind it stays", () => {
  const [went, came] = change(SPEC, (spec) => ((spec["train"] as Document)["epochs"] = 800));
  expect(went).toEqual(["  epochs: 400        # long"]);
  expect(came).toEqual(["  epochs: 800        # long"]);
});

test("a number that is the same in other signs stays as it was written", () => {
  expect(rewrite(SPEC, read(SPEC))).toEqual([]);
  expect(rewrite("a: 1e-2\n", { a: 0.01 })).toEqual([]);
});

test("a new option goes into the braces where the others are", () => {
  const [went, came] = change(SPEC, (spec) => {
    ((spec["data"] as Document)["options"] as Document)["noise"] = 0.1;
  });
  expect(went).toHaveLength(1);
  expect(came).toEqual([
    "data: {name: spiral, options: {points: 500, noise: 0.1}}  # half of them to train on",
  ]);
});

test("a new layer is a new line, and no other changes", () => {
  const [went, came] = change(SPEC, (spec) =>
    layersOf(spec).splice(2, 0, { type: "linear", units: 4, activation: "relu" }),
  );
  expect(went).toEqual([]);
  expect(came).toEqual(["    - {type: linear, units: 4, activation: relu}"]);
});

test("a layer that goes takes its own lines along", () => {
  const [went, came] = change(SPEC, (spec) => layersOf(spec).splice(1, 1));
  expect(went).toEqual([
    "    - type: linear   # the first",
    "      units: 8",
    '      activation: "tanh"',
  ]);
  expect(came).toEqual([]);
});

test("a bare layer that gets a field becomes a short object in its line", () => {
  const [went, came] = change(SPEC, (spec) => (layersOf(spec)[2] = { type: "linear", units: 1 }));
  expect(went).toEqual(["    - linear"]);
  expect(came).toEqual(["    - {type: linear, units: 1}"]);
});

test("a field leaves a block, the first of an entry too", () => {
  const last = (spec: Document) => layersOf(spec)[1] as Document;
  expect(change(SPEC, (spec) => delete last(spec)["units"])[0]).toEqual(["      units: 8"]);
  const [, came] = change(SPEC.replace("   # the first", ""), (spec) => delete last(spec)["type"]);
  expect(came).toEqual(["    - units: 8"]);
});

test("a misspelt key is mended where it stands", () => {
  const wrong = SPEC.replace("options:", "optoins:");
  const [, came] = change(wrong, (spec) => {
    const { optoins, ...rest } = spec["data"] as Document;
    spec["data"] = { ...rest, options: optoins as Json };
  });
  expect(came).toEqual([SPEC.split("\n")[3]]);
});

test("a section that is new follows the one that it follows in the document", () => {
  const [went, came] = change(SPEC, (spec) => {
    const { spec: version, data, ...rest } = structuredClone(spec);
    for (const key of Object.keys(spec)) delete spec[key];
    Object.assign(spec, { spec: version, name: "mine", data, ...rest });
  });
  expect([went, came]).toEqual([[], ["name: mine"]]);
});

test("JSON keeps its layout: one line more for one layer more", () => {
  const text = writeJson(read(SPEC));
  const [went, came] = change(text, (spec) => layersOf(spec).splice(1, 0, "relu"));
  expect(went).toEqual([]);
  expect(came.map((line) => line.trim())).toEqual(['"relu",']);
});

test("a document of another kind is written anew, in the syntax of the text", () => {
  const after = rewritten("[1, 2]\n", { spec: "nn/1" });
  expect(after).toBe("spec: nn/1\n");
  expect(rewritten('{"a": ', { spec: "nn/1" })).toBe(
    '{"spec": "nn/1"}\n'.replace("{", "{\n  ").replace("}", "\n}"),
  );
});

/** Numbers that are the same in every run of the tests. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

function anyValue(roll: (sides: number) => number, depth: number): Json {
  const kind = roll(depth > 2 ? 4 : 6);
  if (kind === 0) return roll(1000) / 8;
  if (kind === 1) return ["relu", "no", "true", "a: b", "", "x # y", "é"][roll(7)] as string;
  if (kind === 2) return roll(2) === 0;
  if (kind === 3) return null;
  const size = roll(4);
  const inner = Array.from({ length: size }, () => anyValue(roll, depth + 1));
  if (kind === 4) return inner;
  return Object.fromEntries(inner.map((value, index) => [`k${index + roll(3)}`, value]));
}

/** A copy with one thing changed somewhere. */
function mutated(value: Json, roll: (sides: number) => number): Json {
  if (Array.isArray(value)) {
    const at = roll(value.length + 1);
    if (at === value.length || roll(4) === 0) return value.toSpliced(at, 0, anyValue(roll, 1));
    return roll(4) === 0 ? value.toSpliced(at, 1) : value.with(at, mutated(value[at]!, roll));
  }
  if (typeof value !== "object" || value === null) return anyValue(roll, 1);
  const keys = Object.keys(value);
  const key = keys[roll(keys.length + 1)];
  if (key === undefined) return { ...value, [`n${roll(3)}`]: anyValue(roll, 1) };
  if (roll(4) > 0) return { ...value, [key]: mutated(value[key]!, roll) };
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
}

test.each([writeYaml, writeJson])("after any edit the text says the document", (write) => {
  let anew = 0;
  for (let seed = 0; seed < 400; seed += 1) {
    const roll = dice(seed * 7919 + 1);
    const before: Document = { spec: "nn/1", a: anyValue(roll, 0), z: { last: 1 } };
    const after = mutated(before, roll) as Document;
    const text = write(before);
    const edits = rewrite(text, after);
    expect(read(edits.reduce(applied, text)), text).toEqual(after);
    if (edits.length === 1 && edits[0]?.from === 0 && edits[0].to === text.length) anew += 1;
  }
  expect(anew).toBe(0);
});

test("comments outlive any edit of other lines", () => {
  const roll = dice(5);
  for (let round = 0; round < 100; round += 1) {
    const after = structuredClone(read(SPEC));
    after["train"] = mutated(after["train"]!, roll);
    if (typeof after["train"] !== "object") continue;
    const text = rewritten(SPEC, after);
    const upTo = SPEC.indexOf("train:");
    expect(text.slice(0, upTo)).toBe(SPEC.slice(0, upTo));
  }
});
