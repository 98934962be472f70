// proves A3.curve
import { expect, test } from "vitest";

import { askedOf, partsOf } from "../../src/insides/parts";
import { tellPart } from "../../src/insides/parts_telling";
import { boxesOfStep } from "../../src/insides/painting";
import { curveOf } from "../../src/layers/activations/curve";
import { cards } from "../../src/layout/cards";
import { layout } from "../../src/layout/layout";
import { wantedProbes } from "../../src/painting/probes";
import { INITIAL } from "../../src/page/state";
import { en } from "../../src/words/en";
import type { Say } from "../../src/page/workbench";
import type { Picture } from "../../src/wire/frame";
import { layer, planOf } from "../layout/plans";

const say: Say = (key, params = {}) =>
  en[key].replace(/\{(\w+)\}/g, (_, name: string) => String(params[name]));
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** Slopes by their own formulas, apart from what draws them. */
const SLOPES: Record<string, (x: number) => number> = {
  sigmoid: (x) => sigmoid(x) * (1 - sigmoid(x)),
  tanh: (x) => 1 - Math.tanh(x) ** 2,
  relu: (x) => (x > 0 ? 1 : 0),
  leaky_relu: (x) => (x > 0 ? 1 : 0.01),
  elu: (x) => (x > 0 ? 1 : Math.exp(x)),
  silu: (x) => sigmoid(x) * (1 + x * (1 - sigmoid(x))),
  identity: () => 1,
  step: () => 0,
  prelu: (x) => (x > 0 ? 1 : 0.25),
  rrelu: (x) => (x > 0 ? 1 : (1 / 8 + 1 / 3) / 2),
  softmax: (x) => sigmoid(x - Math.log(3)) * (1 - sigmoid(x - Math.log(3))),
  log_softmax: (x) => 1 - sigmoid(x - Math.log(3)),
  maxout: (x) => (x > 0 ? 1 : -1),
};

test.each(Object.keys(SLOPES))("the curve of %s has its slope beside it", (type) => {
  const curve = curveOf(type, {}, 3)!;
  for (const [at, x] of curve.x.entries()) {
    if (Math.abs(x) < 1e-9) continue; // a kink has two
    expect(curve.slope[at]).toBeCloseTo(SLOPES[type]!(x), 3);
  }
  expect([curve.x[0], curve.x.at(-1)]).toEqual([-3, 3]);
});

test("a function that the page does not know has no curve", () => {
  expect(curveOf("unheard_of", {}, 3)).toBeNull();
});

const PLAN = planOf(
  [1, 8, 8],
  ["0", "1"],
  [
    layer("conv2d", "conv", "input", [4, 8, 8], { kernel: [3, 3], activation: "relu" }),
    layer("batch_norm", "norm", "conv", [4, 8, 8]),
    layer("dropout", "drop", "norm", [4, 8, 8], { rate: 0.5 }),
    layer("conv2d", "way", "input", [12, 8, 8], { kernel: [1, 1], activation: "identity" }),
    { ...layer("concat", "both", "drop", [16, 8, 8]), inputs: ["drop", "way"] },
    layer("flatten", "flat", "both", [1024]),
    layer("linear", "linear", "flat", [2]),
  ],
);

function pictureOf(arrays: Record<string, [number[], number[]]>): Picture {
  const named = Object.entries(arrays).map(([name, [shape, values]]) => {
    return { name, shape, values: Float32Array.from(values) };
  });
  return { run: null, probe: "", kind: "inside", step: 0, epoch: 0, meta: {}, arrays: named };
}

test("each fused layer with a picture is asked about, and no other", () => {
  const [, conv, way, both] = cards(PLAN);
  expect(askedOf(conv!)).toEqual(["conv", "norm", "drop"]);
  expect(askedOf(way!)).toEqual([]);
  expect(askedOf(both!)).toEqual(["both"]);
});

test("what is known of each part is told with its figures", () => {
  const conv = cards(PLAN).find(({ name }) => name === "conv")!;
  const seen = pictureOf({
    "conv.histogram": [[2], [0.25, 0.75]],
    "conv.reach": [[1], [3]],
    "conv.above": [[1], [0.75]],
    "norm.before": [
      [2, 2],
      [1, 2, 3, 4],
    ],
    "norm.after": [
      [2, 2],
      [0, 1, 0, 1],
    ],
    "norm.scale": [
      [2, 2],
      [0.9, 0, 1.1, 0],
    ],
    "drop.mask": [[4], [1, 0, 0, 1]],
    "drop.kept": [[1], [0.5]],
  });
  const parts = partsOf(conv, PLAN, seen);
  expect(parts.map(({ kind }) => kind)).toEqual(["curve", "scaling", "mask"]);
  const told = parts.map((part) => tellPart(part, say));
  expect(told[0]).toContain("75.0 % of them are above 0");
  expect(told[1]).toContain("2.00 ± 3.00 becomes 0.00 ± 1.00");
  expect(told[1]).toContain("γ 0.90 … 1.10, β 0.00");
  expect(told[2]).toContain("50.0 % in all, at a rate of 0.50");
});

test("branches stand for their share of the channels without being asked about", () => {
  const both = cards(PLAN).find(({ name }) => name === "both")!;
  const [ways] = partsOf(both, PLAN, undefined);
  expect(ways).toMatchObject({ ways: [{ share: 0.25 }, { share: 0.75 }] });
  expect(tellPart(ways!, say)).toBe("drop 25.0 % | way 75.0 %");
});

test("the service is asked about what is looked at and is still there, once", () => {
  const looking = { ...INITIAL, inside: ["gone", "norm"], looked: ["drop", "norm"] };
  const asked = wantedProbes(PLAN, looking).filter(({ kind }) => kind === "inside");
  expect(asked).toEqual([{ kind: "inside", layers: ["drop", "norm"], sample: INITIAL.sample }]);
  const hidden = wantedProbes(PLAN, { ...looking, visible: false });
  expect(hidden.filter(({ kind }) => kind === "inside")).toEqual([]);
  expect(wantedProbes(PLAN, INITIAL).filter(({ kind }) => kind === "inside")).toEqual([]);
});

test("a step of a sequence is a row of the picture that is read row by row", () => {
  const plan = planOf(
    [1, 8, 8],
    ["0", "1"],
    [
      layer("reshape", "rows", "input", [8, 8]),
      layer("rnn", "rnn", "rows", [8, 4], { units: 4, layers: 1 }),
      layer("flatten", "flat", "rnn", [32]),
      layer("linear", "linear", "flat", [2]),
    ],
  );
  const [input, rnn] = layout(plan, { width: 800, height: 628 }).cards;
  const tile = input!.tiles[0]!;
  expect(boxesOfStep(input!, 2, 8)).toEqual([{ x: tile.x, y: tile.y + 16, width: 64, height: 8 }]);
  expect(boxesOfStep(rnn!, 3, 8)[0]).toMatchObject({ x: rnn!.tiles[0]!.x + 3 * 28, width: 28 });
});

test("a unit of softmax or maxout has a curve of its own, through its number as it is", () => {
  const plan = planOf(
    [4],
    ["0", "1"],
    [layer("maxout", "most", "input", [2], { pieces: 2 }), layer("softmax", "shares", "most", [2])],
  );
  const values = new Map([
    ["input", Float32Array.of(1, 3, -2, 0.5)],
    ["most", Float32Array.of(3, 0.5)],
    ["shares", Float32Array.of(0.924, 0.076)],
  ]);
  const both = cards(plan).flatMap((card) => partsOf(card, plan, undefined, { values, unit: 1 }));
  const [most, shares] = both as Extract<(typeof both)[number], { kind: "curve" }>[];
  expect([most?.curve.at, most?.unit, most?.curve.example]).toEqual([
    0.5,
    { chosen: 1, count: 2 },
    false,
  ]);
  // Below the other piece the other piece is what it gives.
  expect(Math.min(...most!.curve.y)).toBeCloseTo(-2, 5);
  const near = shares!.curve.x.findIndex((x) => x >= 0.5);
  expect(shares?.curve.at).toBe(0.5);
  expect(shares!.curve.y[near]).toBeCloseTo(1 / (1 + Math.exp(3 - shares!.curve.x[near]!)), 6);
  const strongest = partsOf(cards(plan)[1]!, plan, undefined, { values, unit: null });
  expect(strongest[0]).toMatchObject({ unit: { chosen: 0 } });
  expect(tellPart(shares!, say)).toContain("the others stay");
});
