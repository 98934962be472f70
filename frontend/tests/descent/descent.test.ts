import { expect, test } from "vitest";
import {
  descentOf,
  descentProbe,
  isFunction,
  variablesIn,
  withExpression,
  withStart,
} from "../../src/descent/descent";
import { across, down, rangeOf, ranks } from "../../src/descent/frame";
import { wantedProbes } from "../../src/painting/probes";
import { choices } from "../../src/pair/changes";
import { shortNet } from "../../src/runs/row";
import type { Picture } from "../../src/wire/frame";
import type { Document, Plan } from "../../src/wire/plan";

const DOCUMENT: Document = {
  spec: "nn/1",
  function: { expression: "2*x**2", start: [1.5] },
  train: { optimizer: { type: "sgd", learning_rate: 0.1 } },
};

function planOf(...names: string[]): Plan {
  const tensors = [
    ...names.map((name) => ({ name, shape: [1], buffer: false })),
    { name: "_path", shape: [1024, names.length + 1], buffer: true },
  ];
  return {
    layers: [
      {
        name: "function",
        type: "function",
        inputs: ["input"],
        output: [1],
        parameters: names.length,
        multiply_adds: 0,
        source: "/function/expression",
        fields: {},
        tensors,
      },
    ],
    totals: { parameters: names.length, multiply_adds: 0 },
    hash: "",
    advice: [],
    data: null,
    function: { expression: "2*x**2", start: [1.5] },
    train: {
      epochs: 10,
      batch_size: 1,
      optimizer: { type: "sgd", learning_rate: 0.1 },
      l1: 0,
      l2: 0,
      seed: 0,
    },
  };
}

function picture(values: number[], path: number[][]): Picture {
  const width = path[0]?.length ?? 1;
  return {
    kind: "descent",
    meta: { expression: "2*x**2", variables: ["x"], extent: 2 },
    arrays: [
      { name: "values", shape: [values.length], values: Float32Array.from(values) },
      { name: "path", shape: [path.length, width], values: Float32Array.from(path.flat()) },
    ],
  } as unknown as Picture;
}

const LOOKING = {
  mode: "values" as const,
  sample: { part: "validation" as const, index: 0 },
  own: null,
  choice: { order: "index" as const, cell: null },
  struck: null,
  visible: true,
};

test("of a function nothing is asked but its descent", () => {
  const plan = planOf("x");
  expect(isFunction(plan)).toBe(true);
  expect(wantedProbes(plan, LOOKING as never)).toEqual([{ kind: "descent", resolution: 257 }]);
  expect(descentProbe(planOf("x", "y"))).toEqual({ kind: "descent", resolution: 96 });
});

test("a picture is read as a curve with a way", () => {
  const descent = descentOf(
    picture(
      [8, 2, 0, 2, 8],
      [
        [1.5, 4.5],
        [0.9, 1.62],
      ],
    ),
  );
  expect(descent?.way.map(({ at }) => at[0]?.toFixed(1))).toEqual(["1.5", "0.9"]);
  expect(descent?.way.at(-1)?.value).toBeCloseTo(1.62);
  expect(descentOf(undefined)).toBeNull();
});

test("the window shows the valley, and the point though the curve leaves it", () => {
  const steep = picture(
    [900, 400, 8, 2, 0, 2, 8, 400, 900],
    [
      [1.5, 20],
      [1, 10],
    ],
  );
  const descent = descentOf(steep);
  if (!descent) throw new Error("no descent");
  const range = rangeOf(descent);
  expect(range.low).toBeLessThan(0);
  expect(range.high).toBeGreaterThan(20);
  expect(range.high).toBeLessThan(900);
  expect(down(range.low, range)).toBe(1);
  expect(across(0, 2)).toBe(0.5);
});

test("equal areas of a map have equal shades", () => {
  expect([...ranks(Float32Array.from([100, 1, 3]))]).toEqual([1, 0, 0.5]);
});

test("a variable that stays keeps its start, a new one begins at 1", () => {
  expect(variablesIn("sin(x) + w2*pi - tanh(b)")).toEqual(["b", "w2", "x"]);
  const two = withExpression(DOCUMENT, "x**2 + a*x");
  expect(two["function"]).toEqual({ expression: "x**2 + a*x", start: [1, 1.5] });
  expect(withExpression(two, "3*x")["function"]).toEqual({ expression: "3*x", start: [1.5] });
  const broken = withExpression(DOCUMENT, "2*(");
  expect(broken["function"]).toEqual({ expression: "2*(", start: [1.5] });
});

test("a start is written at its place", () => {
  expect(withStart(DOCUMENT, 0, -2)["function"]).toMatchObject({ start: [-2] });
});

test("B may differ from A by how it descends alone", () => {
  const ids = choices(DOCUMENT, planOf("x")).map(({ words }) => words);
  expect(new Set(ids)).toEqual(new Set(["pairOptimizer", "pairRate", "pairSchedule"]));
});

test("a run of a function is listed by its expression", () => {
  expect(shortNet(DOCUMENT)).toBe("2*x**2");
});
