import { expect, test } from "vitest";

import {
  beginDraft,
  countOf,
  directionOf,
  entryOf,
  goalsOf,
  requestOf,
} from "../../src/sweeps/draft";
import { firstChoice, suggestionsFor } from "../../src/sweeps/suggestions";
import { variablesOf } from "../../src/sweeps/variables";
import { CATALOGUE, DOCUMENT, PLAN } from "./spiral";

const VARIABLES = variablesOf(DOCUMENT, PLAN, CATALOGUE);
const DRAFT = beginDraft(firstChoice(VARIABLES), goalsOf(PLAN));

function variable(path: string) {
  const found = VARIABLES.find((each) => each.path === path);
  if (!found) throw new Error(path);
  return found;
}

test("numbers and choices of training and layers can be varied, by where they stand", () => {
  expect(VARIABLES.map(({ path }) => path)).toEqual([
    "/train/optimizer/learning_rate",
    "/train/optimizer/type",
    "/train/batch_size",
    "/train/l2",
    "/train/epochs",
    "/network/layers/0/units",
    "/network/layers/0/activation",
    "/network/layers/0/bias",
    "/network/layers/1/activation",
    "/network/layers/1/bias",
  ]);
  expect(variable("/network/layers/0/units")).toMatchObject({
    layer: "linear_1",
    now: 8,
    most: 100,
  });
  expect(variable("/network/layers/0/activation").options).toEqual(["identity", "tanh", "relu"]);
});

test("without the catalogue nothing is offered", () => {
  expect(variablesOf(DOCUMENT, PLAN, null)).toEqual([]);
});

test("at first the rate and the units of the first layer are varied, eight by eight", () => {
  expect(DRAFT.entries.map(({ variable: { name } }) => name)).toEqual(["learning_rate", "units"]);
  expect(countOf(DRAFT)).toBe(64);
});

test("a sweep that is begun at a field varies that field alone", () => {
  const paths = (path: string) => firstChoice(VARIABLES, path).map((each) => each.path);
  expect(paths("/train/l2")).toEqual(["/train/l2"]);
  expect(paths("/train/optimizer")).toEqual(["/train/optimizer/type"]);
  expect(paths("/train/nothing")).toHaveLength(2);
});

test("yes and no are tried both, and sent as such", () => {
  const entries = [entryOf(variable("/network/layers/0/bias"))];
  const { vary } = requestOf({ ...DRAFT, entries }, DOCUMENT, PLAN);
  expect(vary).toEqual([{ path: "/network/layers/0/bias", values: [true, false] }]);
});

test("suggestions lie around what holds and within the bounds of the field", () => {
  expect(suggestionsFor(variable("/train/batch_size"))).toEqual([8, 16, 32, 64, 128]);
  expect(suggestionsFor(variable("/train/l2"))).toEqual([0, 0.0001, 0.001, 0.01, 0.1]);
  expect(suggestionsFor(variable("/network/layers/0/activation"))[0]).toBe("tanh");
});

test("a field is written out so that its pointer leads to it", () => {
  const body = requestOf(DRAFT, DOCUMENT, PLAN);
  expect(body.document["train"]).toEqual({ optimizer: { type: "adam", learning_rate: 0.01 } });
  expect(body.vary[0]).toEqual({
    path: "/train/optimizer/learning_rate",
    values: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3],
  });
  expect(body).toMatchObject({ method: "grid", seeds: 1, prune: null });
  expect("members" in body).toBe(false);
});

test("a bare word of a layer becomes an object with its type", () => {
  const entries = [entryOf(variable("/network/layers/1/activation"))];
  const { document } = requestOf({ ...DRAFT, entries }, DOCUMENT, PLAN);
  expect(document["network"]).toEqual({
    layers: [
      { type: "linear", units: 8, activation: "tanh" },
      { type: "linear", activation: "identity" },
    ],
  });
});

test("where the optimizer changes, fields that only one of them has are left out", () => {
  const entries = [entryOf(variable("/train/optimizer/type"))];
  const written = { ...DOCUMENT, train: { optimizer: { type: "adam", betas: [0.8, 0.9] } } };
  const { document } = requestOf({ ...DRAFT, entries }, written, PLAN);
  expect(document["train"]).toEqual({ optimizer: { type: "adam", learning_rate: 0.01 } });
});

test("other searches have ranges, a number of settings, and may stop losers", () => {
  const entries = DRAFT.entries.map((entry) => ({ ...entry, ranged: true }));
  const draft = {
    ...DRAFT,
    entries,
    method: "tpe",
    members: "20",
    seeds: "3",
    rule: "median",
  } as const;
  const body = requestOf(draft, DOCUMENT, PLAN);
  expect(body.vary[0]).toEqual({
    path: "/train/optimizer/learning_rate",
    low: 0.001,
    high: 3,
    log: true,
  });
  expect(body).toMatchObject({ members: 20, seeds: 3, prune: { rule: "median", after: 10 } });
  expect(countOf(draft)).toBe(60);
});

test("of shares more is better, of losses less", () => {
  expect(goalsOf(PLAN)).toEqual(["validation/loss", "validation/accuracy", "train_eval/loss"]);
  expect(directionOf("validation/loss")).toBe("minimize");
  expect(directionOf("validation/accuracy")).toBe("maximize");
});
