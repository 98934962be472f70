import { expect, test } from "vitest";

import { Run } from "../../src/run/run";
import { standing } from "../../src/run/verdict";
import type { RunRow } from "../../src/wire/plan";
import type { Columns, RunEvent } from "../../src/wire/types";

const row = { id: "run_a", status: "queued", reason: null, results: null } as RunRow;

let number = 0;

function event(type: string, body: Record<string, unknown>): RunEvent {
  number += 1;
  return { run: "run_a", number, type, epoch: 1, at: "", body };
}

function metrics(step: number, loss: number | "Infinity"): RunEvent {
  const one = { first_step: [step], last_step: [step], count: [1] };
  const columns = { ...one, mean: [loss], min: [loss], max: [loss], last: [loss] } as Columns;
  return event("metrics", {
    step,
    samples: step * 10,
    elapsed: 1,
    series: { "train/loss": columns },
  });
}

test("figures are the newest values of their series", () => {
  const run = Run.of(row);
  run.apply([event("status", { status: "running", step: 0 }), metrics(1, 0.7), metrics(2, 0.5)], 0);
  expect(run.view).toMatchObject({ status: "running", step: 2, samples: 20, lastEvent: 3 });
  expect(run.view.figures["train/loss"]).toBe(0.5);
});

test("a rewind takes the step back and the curve with it", () => {
  const run = Run.of(row);
  run.apply(
    [metrics(1, 0.7), metrics(2, 0.6), event("rewind", { to_step: 1, reason: "child_lost" })],
    0,
  );
  expect(run.view.step).toBe(1);
  expect(run.curve("train/loss")?.points).toHaveLength(1);
  expect(run.marks).toEqual([{ kind: "rewind", step: 1, reason: "child_lost" }]);
});

test("a control that took effect is remembered and marked", () => {
  const run = Run.of(row);
  const body = { action: "set", changes: { learning_rate: 0.3, l2: null } };
  run.apply([event("control", { control: "c", body, step: 8 })], 0);
  expect(run.view.changes).toEqual({ learning_rate: 0.3 });
  expect(run.marks).toEqual([{ kind: "control", step: 8, changes: { learning_rate: 0.3 } }]);
});

test("the first infinite loss is the step of divergence until the run goes back before it", () => {
  const run = Run.of(row);
  run.apply([metrics(1, 2), metrics(2, "Infinity"), metrics(3, "Infinity")], 0);
  expect(run.view.divergedAt).toBe(2);
  run.apply([event("rewind", { to_step: 1, reason: "resumed" })], 0);
  expect(run.view.divergedAt).toBeNull();
});

test("speed is measured on live steps, not on the replay", () => {
  const run = Run.of(row);
  run.apply([event("status", { status: "running" }), metrics(5_000, 1)], 0);
  run.goLive(1_000);
  run.apply([metrics(5_100, 1)], 1_200);
  expect(run.view.stepsPerSecond).toBeNull();
  run.apply([metrics(6_000, 1)], 2_000);
  expect(run.view.stepsPerSecond).toBe(1_000);
});

test("an event of an unknown type only moves the cursor", () => {
  const run = Run.of(row);
  const before = run.view.step;
  run.apply([event("moonrise", { step: 9 })], 0);
  expect(run.view.step).toBe(before);
  expect(run.view.lastEvent).toBe(number);
});

test("a rate that was too high is no word against a training that has learned since", () => {
  const words = { rate: 0.1, low: 0.2, high: 0.4, epochs: 8 };
  const swung = { code: "verdict.rate_swings", params: words, step: 8 };
  const overfit = { code: "verdict.overfit", params: {}, step: 4 };
  expect(standing([overfit, swung], 0.15)).toEqual([swung, overfit]);
  expect(standing([overfit, swung], 0.05)).toEqual([overfit]);
});

test("a verdict is marked at its step, and goes with the steps that are taken back", () => {
  const dead = (step: number, layer: string): RunEvent =>
    event("verdict", { code: "verdict.dead", params: { layer, percent: 63 }, step });
  const lost = event("verdict", { code: "verdict.diverged", params: { step: 4 }, step: 4 });
  const run = Run.of(row);
  run.apply([dead(3, "linear_1"), dead(3, "linear_2"), dead(9, "linear_1"), lost], 0);
  expect(run.view.verdicts.map(({ step }) => step)).toEqual([3, 3, 9]);
  expect(run.marks.map(({ kind, step }) => [kind, step])).toEqual([
    ["verdict", 3],
    ["verdict", 3],
    ["verdict", 9],
  ]);
  expect(standing(run.view.verdicts).map(({ step }) => step)).toEqual([9, 3]);
  run.apply([event("rewind", { to_step: 5, reason: "child_lost" })], 0);
  expect(run.view.verdicts.map(({ step }) => step)).toEqual([3, 3]);
  expect(run.marks.map(({ kind }) => kind)).toEqual(["verdict", "verdict", "rewind"]);
});
