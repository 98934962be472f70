import { expect, test } from "vitest";

import { shownCards } from "../../src/layout/cards";
import { isDeep, layout } from "../../src/layout/layout";
import { bracketsOf } from "../../src/layout/slabs";
import type { Plan, PlannedLayer } from "../../src/wire/plan";
import { closed } from "../../src/wire/plan";
import { formatShape } from "../../src/numbers/format";
import { layer, planOf } from "./plans";

const CANVAS = { width: 800, height: 628 };
const SIDE = 56;

/** A bottleneck as `repeat` expands it: three convolutions, and what they are added to. */
function bottleneck(path: string, before: string, shape: number[]): PlannedLayer[] {
  const inner = [1, 2, 3].map((at) => `${path}/conv2d_${at}`);
  return [
    ...inner.map((name, at) => layer("conv2d", name, inner[at - 1] ?? before, shape)),
    { ...layer("add", `${path}/add_1`, inner[2]!, shape), inputs: [inner[2]!, before] },
  ];
}

function resnet(stages: readonly number[]): Plan {
  let before = "stem";
  const layers = [layer("conv2d", "stem", "input", [64, SIDE, SIDE])];
  for (const [stage, blocks] of stages.entries()) {
    for (let at = 0; at < blocks; at++) {
      const shape = [64 * 2 ** stage, SIDE / 2 ** stage, SIDE / 2 ** stage];
      layers.push(...bottleneck(`stage_${stage + 1}/${at}`, before, shape));
      before = layers.at(-1)!.name;
    }
  }
  layers.push(layer("linear", "head", before, [1000]));
  return { ...planOf([3, SIDE, SIDE], [], layers), data: null, inputs: { input: [3, SIDE, SIDE] } };
}

test("a deep net stands as a slab for each of its blocks, and fits as ResNet-152 does", () => {
  const { cards } = layout(resnet([3, 8, 36, 3]), CANVAS);
  expect(cards.map(({ name }) => name).slice(0, 4)).toEqual([
    "input",
    "stem",
    "stage_1/0",
    "stage_1/1",
  ]);
  expect(cards.filter(({ fold }) => fold?.shortcuts === 1)).toHaveLength(50);
  expect(Math.min(...cards.map(({ box }) => box.width))).toBeGreaterThanOrEqual(8);
  expect(Math.max(...cards.map(({ box }) => box.x + box.width))).toBeLessThanOrEqual(776);
});

test("slabs are as high as their side and as wide as their channels say", () => {
  const { cards } = layout(resnet([3, 4, 6, 3]), { width: 4000, height: 628 });
  const [first, later] = ["stage_1/0", "stage_3/0"].map((name) =>
    cards.find((c) => c.name === name)!,
  );
  expect(later!.box.height / first!.box.height).toBeCloseTo((14 / 56) ** 0.42, 5);
  expect(later!.box.width / first!.box.width).toBeCloseTo(4 ** 0.3, 5);
});

test("a block that is opened shows its layers in place, and a thousand blocks one slab a stage", () => {
  const opened = shownCards(resnet([3, 4, 6, 3]), ["stage_1/1"]).map(({ name }) => name);
  expect(opened.slice(2, 8)).toEqual([
    "stage_1/0",
    ...["conv2d_1", "conv2d_2", "conv2d_3", "add_1"].map((name) => `stage_1/1/${name}`),
    "stage_1/2",
  ]);
  const deep = shownCards(resnet([200, 200]), []).map(({ name }) => name);
  expect(deep).toEqual(["input", "stem", "stage_1", "stage_2", "head"]);
});

test("runs of one size stand under a line that says what they are", () => {
  const { cards, width } = layout(resnet([3, 4, 6, 3]), CANVAS);
  const told = bracketsOf(cards, width).map(({ title, shape }) => `${title} ${shape}`);
  expect(told).toContain("stage_3 ×6 256·14·14");
  for (const { middle, title } of bracketsOf(cards, width)) {
    expect(middle + title.length).toBeLessThan(CANVAS.width);
  }
});

test("branches are stripes as high as their share of the channels", () => {
  const ways = [8, 24].map((channels, at) =>
    layer("conv2d", `mix/${at}/conv`, "stem", [channels, 8, 8]),
  );
  const plan = resnet([12]);
  const layers = [
    plan.layers[0]!,
    ...ways,
    { ...layer("concat", "mix/concat_1", "", [32, 8, 8]), inputs: ways.map(({ name }) => name) },
    ...plan.layers.slice(1),
  ];
  const mix = shownCards({ ...plan, layers }, []).find(({ name }) => name === "mix");
  expect(mix?.fold?.stripes).toEqual([0.25, 0.75]);
});

test("a small net on data keeps its cards", () => {
  const plan = { ...planOf([3, SIDE, SIDE], ["a", "b", "c"], resnet([2]).layers) };
  expect(isDeep(layout(plan, CANVAS))).toBe(false);
});

test("sides of any length are told as a star", () => {
  const plan = resnet([1]);
  const open = { ...plan, layers: [{ ...plan.layers[0]!, output: ["*", 512] }] } as unknown as Plan;
  expect(formatShape(closed(open).layers[0]!.output)).toBe("*·512");
});
