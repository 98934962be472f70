import { describe, expect, it } from "vitest";

import { contributions } from "../../src/loss/contributions";
import { formulaOf, sampleLoss } from "../../src/loss/loss";
import type { Picture } from "../../src/wire/frame";
import type { Plan, PlannedLoss } from "../../src/wire/plan";

const loss = (type: string, fields: Partial<PlannedLoss> = {}): PlannedLoss => ({
  type,
  input: "linear_1",
  weight: 1,
  ...fields,
});

describe("the loss of one sample", () => {
  it("is the logarithm of the share of the true class", () => {
    const powers = [1, 2, 0.5].map((z) => Math.exp(z));
    const total = powers.reduce((sum, power) => sum + power, 0);
    const expected = -Math.log((powers[2] ?? 0) / total);
    expect(sampleLoss(loss("cross_entropy"), [1, 2, 0.5], 2, 3)).toBeCloseTo(expected);
    expect(sampleLoss(loss("cross_entropy"), [1000, 0], 1, 2)).toBeCloseTo(1000);
  });

  it("is that of a probability for one logit", () => {
    const binary = loss("binary_cross_entropy");
    const share = 1 / (1 + Math.exp(-0.7));
    expect(sampleLoss(binary, [0.7], 1, 2)).toBeCloseTo(-Math.log(share));
    expect(sampleLoss(binary, [0.7], 0, 2)).toBeCloseTo(-Math.log(1 - share));
    expect(sampleLoss(binary, [800], 0, 2)).toBeCloseTo(800);
  });

  it("measures errors from −1 and +1, from one-hot rows and from targets", () => {
    expect(sampleLoss(loss("mse"), [0.5], 0, 2)).toBeCloseTo(2.25);
    expect(sampleLoss(loss("mse"), [0.5, 0.5], 1, 2)).toBeCloseTo(0.25);
    expect(sampleLoss(loss("mse", { half: true }), [0.5], -0.5, 0)).toBeCloseTo(0.5);
    expect(sampleLoss(loss("mae"), [0.5], -0.5, 0)).toBeCloseTo(1);
    expect(sampleLoss(loss("huber", { delta: 0.5 }), [2], 0, 0)).toBeCloseTo(0.875);
  });

  it("is unknown for a loss that the page does not compute", () => {
    expect(sampleLoss(loss("hinge"), [1], 1, 2)).toBeNull();
    expect(formulaOf(loss("mse", { half: true }))).toBe("½ (ŷ − y)²");
  });
});

const picture = (kind: Picture["kind"], arrays: [string, number[], number[]][]): Picture => ({
  run: null,
  probe: "",
  kind,
  step: 0,
  epoch: 0,
  meta: {},
  arrays: arrays.map(([name, shape, values]) => ({
    name,
    shape,
    values: Float32Array.from(values),
  })),
});
const plan = {
  layers: [{ name: "linear_1", type: "linear", inputs: ["input"], output: [1], fields: {} }],
  data: { classes: [], sizes: {} },
  train: { losses: [loss("mse")] },
} as unknown as Plan;
const weights = picture("weights", [
  ["linear_1.weight", [1, 2], [1, 0]],
  ["linear_1.bias", [1], [0]],
]);

describe("what samples add to the loss", () => {
  const samples = picture("samples", [
    ["inputs", [4, 2], [0, 0, 1, 5, 2, 5, 3, 5]],
    ["targets", [4], [0, 1, 0, 0]],
  ]);

  it("names the largest first, with their share of the whole", () => {
    const found = contributions(plan, weights, samples);
    expect(found?.largest[0]).toEqual({ x: 3, y: 5, loss: 9, share: 1 });
    expect(found?.largest[1]).toMatchObject({ x: 2, loss: 4 });
    expect(found?.mean).toBeCloseTo(13 / 4);
    expect(found?.part).toBeCloseTo(1);
    expect(found?.samples).toBe(4);
  });

  it("is not told where weights or samples are not known", () => {
    expect(contributions(plan, undefined, samples)).toBeNull();
    expect(contributions(plan, weights, undefined)).toBeNull();
  });
});
