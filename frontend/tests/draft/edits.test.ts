import { expect, test } from "vitest";

import {
  valueAt,
  withDataset,
  withLearningRate,
  withOption,
  withTrainingShare,
  withNewSample,
} from "../../src/draft/edits";
import { applyPatch } from "../../src/draft/patch";
import type { Document } from "../../src/wire/plan";

const document: Document = {
  spec: "nn/1",
  data: { name: "spiral", options: { noise: 0.1 }, split: { train: 0.5 } },
  train: { optimizer: "adam" },
};

test("a new sample is the same data from the next seed, whatever else the split says", () => {
  const once = withNewSample({ data: { name: "spiral", split: { train: 0.5 } } });
  expect(once["data"]).toEqual({ name: "spiral", split: { train: 0.5, seed: 1 } });
  expect(withNewSample(once)["data"]).toMatchObject({ split: { seed: 2 } });
});

test("another data set keeps the split and loses the old set's options", () => {
  expect(withDataset(document, "xor")["data"]).toEqual({ name: "xor", split: { train: 0.5 } });
});

test("an edit leaves the document it began with alone", () => {
  withOption(document, "noise", 0.4);
  expect(valueAt(document, ["data", "options", "noise"])).toBe(0.1);
});

test("a share for training leaves the test part and gives the rest to validation", () => {
  const split = valueAt(withTrainingShare(document, 0.6, 0.1), ["data", "split"]);
  expect(split).toEqual({ train: 0.6, validation: 0.3, test: 0.1 });
});

test("a learning rate turns an optimizer's bare name into an object", () => {
  const optimizer = valueAt(withLearningRate(document, 0.2), ["train", "optimizer"]);
  expect(optimizer).toEqual({ type: "adam", learning_rate: 0.2 });
});

test("a fix is applied to lists and objects alike", () => {
  const layers = { network: { layers: ["relu", { type: "linear" }] } };
  const fixed = applyPatch(layers, [
    { op: "replace", path: "/network/layers/1/type", value: "conv2d" },
    { op: "remove", path: "/network/layers/0" },
    { op: "add", path: "/spec", value: "nn/1" },
  ]);
  expect(fixed).toEqual({ network: { layers: [{ type: "conv2d" }] }, spec: "nn/1" });
});
