import { expect, test } from "vitest";

import { gaugesOf, mainGauges } from "../../src/curves/gauges";
import { linesOf as linesOfGauges, type Shown } from "../../src/curves/lines";
import { GAN } from "../lanes/plans";
import type { Plan } from "../../src/wire/plan";
import { planOf, SPIRAL } from "../layout/plans";

const linesOf = (shown: Shown) => linesOfGauges(shown, gaugesOf(SPIRAL), mainGauges(SPIRAL));
const plain = {
  smoothing: 0,
  before: false,
  beside: false,
  laid: false,
  guess: false,
};

test("smoothed curves have their raw selves faint behind them", () => {
  const lines = linesOf({ ...plain, smoothing: 0.02 });
  const train = lines.filter((line) => line.gauge.series === "train/loss");
  expect(train.map(({ smoothing }) => smoothing)).toEqual([0, 0.02]);
  expect(train[0]?.strength).toBeLessThan(train[1]?.strength ?? 0);
});

// proves E1.gap
test("the gap is drawn: losses of training and held-out samples share one chart", () => {
  const losses = linesOf(plain).filter(({ gauge }) => !gauge.share);
  const measures = new Set(losses.map(({ gauge }) => gauge.series));
  expect(measures).toEqual(new Set(["train/loss", "train_eval/loss", "validation/loss"]));
});

test("only a classification has an accuracy", () => {
  const regression = planOf([2], [], []);
  const data = regression.data && { ...regression.data, task: "regression" as const };
  const series = (plan: Plan) => gaugesOf(plan).map((gauge) => gauge.series);
  expect(series({ ...regression, data })).not.toContain("validation/accuracy");
  expect(series(SPIRAL)).toContain("validation/accuracy");
});

test("several networks have the loss of each step, and the scores that the first makes small", () => {
  expect(gaugesOf(GAN).map(({ series, share }) => [series, share])).toEqual([
    ["train/d/loss", false],
    ["train/g/loss", false],
    ["validation/d/real_score", true],
    ["validation/d/fake_score", true],
  ]);
  expect(mainGauges(GAN).map(({ name }) => name)).toEqual(["d", "g"]);
});

test("the run beside is dashed, the run before faint, the guess dotted and on top", () => {
  const lines = linesOf({ ...plain, before: true, beside: true, guess: true });
  const own = lines.find((line) => line.owner === "own");
  expect(lines.find((line) => line.owner === "beside")?.dash).not.toEqual(own?.dash);
  expect(lines.find((line) => line.owner === "before")?.strength).toBeLessThan(0.5);
  expect(lines.at(-1)?.owner).toBe("guess");
});
