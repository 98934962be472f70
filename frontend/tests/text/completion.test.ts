import { expect, test } from "vitest";

import { type Offer, offers } from "../../src/text/completion";
import { contextAt } from "../../src/text/context";
import { LANGUAGE } from "./language";

/** What is offered at the bar in a text. */
function offered(text: string): Offer[] {
  const at = text.indexOf("|");
  const context = contextAt(text.replace("|", ""), at);
  expect(context).not.toBeNull();
  return context ? offers(context, LANGUAGE) : [];
}

function labels(text: string): string[] {
  return offered(text).map(({ label }) => label);
}

const LAYERS = "network:\n  layers:\n";

test("an empty text is offered the parts of a document, those that it needs first", () => {
  expect(labels("|")).toEqual(["spec", "network", "data", "train"]);
  expect(labels("spec: nn/1\n|\nnetwork: {}\n")).toEqual(["data", "train"]);
});

test("an entry of the layers is offered each layer in the catalogue's order, bare and in braces", () => {
  const found = offered(`${LAYERS}    - |\n    - linear\n`);
  expect(found.map(({ label, detail }) => `${label} ${detail}`)).toEqual([
    "linear ",
    "linear {units}",
    "conv2d {filters}",
    "flatten ",
  ]);
  expect(found[2]?.insert).toBe("{type: conv2d, filters: #{}}");
  expect(found[2]?.info).toBe("What conv2d means.");
});

test("an object of many kinds is offered its type first, then the fields of that type", () => {
  expect(labels(`${LAYERS}    - {|}\n`)).toEqual(["type"]);
  expect(labels(`${LAYERS}    - {type: |}\n`)).toEqual(["linear", "conv2d", "flatten"]);
  const fields = ["units", "activation", "name", "from"];
  expect(labels(`${LAYERS}    - {type: linear, |}\n`)).toEqual(fields);
  expect(labels(`${LAYERS}    - type: conv2d\n      |\n`)).toEqual(
    "filters padding name from".split(" "),
  );
});

test("a half written word is what is replaced", () => {
  const text = `${LAYERS}    - {type: linear, activation: re}\n`;
  const context = contextAt(text, text.indexOf("re}") + 1);
  expect(text.slice(context?.from, context?.to)).toBe("re");
  expect(labels(text.replace("re}", "r|e}"))).toEqual(["relu", "identity"].reverse());
});

test("a field is offered its words, with what a named form is", () => {
  const optimizers = offered("train:\n  optimizer: |\n");
  expect(optimizers.map(({ label, info }) => [label, info])).toEqual([
    ["sgd", "Straight down."],
    ["adam", "With two means."],
  ]);
  expect(labels("train:\n  nesterov: |\n")).toEqual(["true", "false"]);
  expect(labels("train: {optimizer: {type: adam, |}}\n")).toEqual(["eps", "name", "from"]);
});

test("data sets and the options of the chosen one come from the service", () => {
  expect(labels("data: |\n")).toEqual(["spiral", "moons"]);
  expect(labels("data: {name: |}\n")).toEqual(["spiral", "moons"]);
  const [noise] = offered("data:\n  name: spiral\n  options: {|}\n");
  expect(noise).toMatchObject({ label: "noise", detail: "number ≤ 0.5", insert: "noise: " });
  expect(labels("data:\n  name: moons\n  options: {|}\n")).toEqual([]);
});

test("JSON is offered in JSON, with the quotes that are missing", () => {
  const insert = (text: string): string | undefined => offered(text)[0]?.insert;
  expect(insert('{"spec": "nn/1", "data": |}')).toBe('"spiral"');
  expect(insert('{"spec": "nn/1", "data": "|"}')).toBe("spiral");
  expect(insert('{"spec": "nn/1", |}')).toBe('"network": ');
  expect(insert('{"spec": "nn/1", "|"}')).toBe("network");
  const layers = '{"spec": "nn/1", "network": {"layers": [|]}}';
  expect(offered(layers)[1]?.insert).toBe('{"type": "linear", "units": #{}}');
});

test("comments are offered nothing", () => {
  expect(contextAt("spec: nn/1 # a word", 16)).toBeNull();
});
