import { expect, test } from "vitest";

import { nameOf, type Tongue } from "../../src/timeline/names";
import type { Document, Json } from "../../src/wire/plan";
import { type Language, say } from "../../src/words/words";

function tongue(language: Language): Tongue {
  return { language, say: (key, params) => say(language, key, params) };
}

const LAYERS: Json[] = [{ type: "linear", units: 8, activation: "tanh" }, "linear"];
const parent: Document = {
  name: "spiral",
  data: { name: "spiral" },
  network: { layers: LAYERS },
  train: { batch_size: 10, optimizer: { type: "adam", learning_rate: 0.03 } },
};

function named(change: Document, language: Language = "en"): string | null {
  return nameOf(parent, { ...parent, ...change }, tongue(language));
}

const withLayers = (layers: Json[]): Document => ({ network: { layers } });

test("a run is named after the number that it has otherwise than its parent", () => {
  const train = { batch_size: 10, optimizer: { type: "adam", learning_rate: 0.003 } };
  expect(named({ train })).toBe("rate 0.03 → 0.003");
  expect(named({ train }, "zh")).toBe("学习率 0.03 → 0.003");
});

test("a changed layer is named by its place and field", () => {
  const wider = [{ type: "linear", units: 16, activation: "tanh" }, "linear"];
  expect(named(withLayers(wider))).toBe("layer 1 units 8 → 16");
  const rectified = [{ type: "linear", units: 8, activation: "relu" }, "linear"];
  expect(named(withLayers(rectified))).toBe("layer 1 activation tanh → relu");
  expect(named(withLayers(rectified), "zh")).toBe("第 1 层 激活函数 tanh → relu");
});

test("an added layer is told by what it is, and leaves those behind it out of it", () => {
  const deeper = [LAYERS[0] ?? "", { type: "linear", units: 4, activation: "relu" }, "linear"];
  expect(named(withLayers(deeper))).toBe("+ linear 4 relu");
  expect(named(withLayers(deeper), "zh")).toBe("加 全连接 4 relu");
  expect(named(withLayers(["linear"]))).toBe("− linear 8 tanh");
});

test("names that an edit wrote out are no difference", () => {
  const written = [
    { type: "linear", units: 8, activation: "tanh", name: "linear_1" },
    { type: "linear", name: "linear_2" },
  ];
  expect(named(withLayers(written))).toBeNull();
  expect(named({ name: "other" })).toBeNull();
});

test("data are told by their own names, options one by one", () => {
  expect(named({ data: { name: "gauss" } })).toBe("data spiral → two clouds");
  expect(named({ data: { name: "spiral", options: { noise: 0.3 } } })).toBe("noise 0.3");
  expect(named({ data: { name: "spiral", split: { train: 0.5, validation: 0.3 } } }, "zh")).toBe(
    "训练集比例 50 %",
  );
});

test("what the parent had written and the child has not is as usual", () => {
  const train = { optimizer: { type: "adam", learning_rate: 0.03 } };
  expect(named({ train })).toBe("batch 10 → as usual");
});

test("a value with no short name is only said to be another", () => {
  const points = {
    name: "spiral",
    options: {
      points: [
        [0, 1, 0],
        [1, 0, 1],
        [1, 1, 1],
      ],
    },
  };
  expect(named({ data: points })).toBe("other own points");
});

test("of many differences two are named and the rest counted", () => {
  const train = { batch_size: 20, epochs: 3, l2: 0.1, optimizer: "sgd" };
  expect(named({ train })).toBe("batch 10 → 20, optimizer adam → sgd +3");
});
