import { expect, test } from "vitest";

import { linesOf } from "../../src/curves/lines";

const plain = {
  smoothing: 0,
  accuracy: false,
  before: false,
  beside: false,
  laid: false,
  guess: false,
};

test("smoothed curves have their raw selves faint behind them", () => {
  const lines = linesOf({ ...plain, smoothing: 0.02 });
  const train = lines.filter((line) => line.measure === "train/loss");
  expect(train.map(({ smoothing }) => smoothing)).toEqual([0, 0.02]);
  expect(train[0]?.strength).toBeLessThan(train[1]?.strength ?? 0);
});

// proves E1.gap
test("the gap is drawn: losses of training and held-out samples share one chart", () => {
  const losses = linesOf(plain).filter((line) => line.measure.endsWith("/loss"));
  const measures = new Set(losses.map(({ measure }) => measure));
  expect(measures).toEqual(new Set(["train/loss", "train_eval/loss", "validation/loss"]));
});

test("only a classification has an accuracy", () => {
  const measures = (accuracy: boolean) => linesOf({ ...plain, accuracy }).map((l) => l.measure);
  expect(measures(false)).not.toContain("validation/accuracy");
  expect(measures(true)).toContain("validation/accuracy");
});

test("the run beside is dashed, the run before faint, the guess dotted and on top", () => {
  const lines = linesOf({ ...plain, before: true, beside: true, guess: true });
  const own = lines.find((line) => line.owner === "own");
  expect(lines.find((line) => line.owner === "beside")?.dash).not.toEqual(own?.dash);
  expect(lines.find((line) => line.owner === "before")?.strength).toBeLessThan(0.5);
  expect(lines.at(-1)?.owner).toBe("guess");
});
