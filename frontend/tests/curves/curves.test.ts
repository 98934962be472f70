import { beforeEach, expect, test } from "vitest";

import { Curves } from "../../src/curves/curves";
import { Observable } from "../../src/observable";
import type { Session } from "../../src/page/session";
import { INITIAL, type State } from "../../src/page/state";
import { Run } from "../../src/run/run";
import type { RunRow } from "../../src/wire/plan";
import { SPIRAL } from "../layout/plans";

let page: Observable<State>;
let curves: Curves;
let leave: (run: Run) => void;
let shown: Run | null;

beforeEach(() => {
  shown = null;
  page = new Observable<State>({ ...INITIAL, title: "spiral", plan: SPIRAL });
  const session = {
    state: page,
    attendance: { onLeave: (tell: typeof leave) => void (leave = tell) },
    curve: (name: string) => shown?.curve(name),
    get timeline() {
      return { marks: shown?.marks ?? [] };
    },
  };
  curves = new Curves(session as unknown as Session);
});

function trained(id: string, losses: number[]): Run {
  const run = Run.of({ id, status: "running", reason: null, results: null } as unknown as RunRow);
  const steps = losses.map((_, index) => index + 1);
  const columns = { mean: losses, min: losses, max: losses, last: losses };
  const points = { first_step: steps, last_step: steps, count: steps.map(() => 1), ...columns };
  const body = { step: losses.length, samples: 0, elapsed: 0, series: { "train/loss": points } };
  run.apply([{ run: id, number: 1, type: "metrics", epoch: 1, at: "", body }], 0);
  return run;
}

function show(run: Run): void {
  shown = run;
  page.update((state) => ({ ...state, run: run.view }));
}

test("after a restart the run before stays until it is switched off", () => {
  leave(trained("run_1", [3, 2, 1]));
  show(trained("run_2", [3]));
  expect(curves.view.value).toMatchObject({ hasBefore: true, beforeShown: true });
  expect(curves.curve("before")("train/loss")?.latest?.mean).toBe(1);
  curves.toggleBefore();
  expect(curves.view.value.beforeShown).toBe(false);
});

test("the curve of another net does not stay behind this one's", () => {
  leave(trained("run_1", [3, 2, 1]));
  page.update((state) => ({ ...state, title: "digits" }));
  expect(curves.view.value.hasBefore).toBe(false);
});

test("a run that was never trained leaves nothing behind", () => {
  leave(trained("run_1", [3]));
  show(trained("run_2", [3]));
  expect(curves.view.value.hasBefore).toBe(false);
});

test("all values at a step are read at once, with what was changed there", () => {
  const run = trained("run_1", [3, 2, 1]);
  const body = { control: "c", step: 2, body: { action: "set", changes: { learning_rate: 0.5 } } };
  run.apply([{ run: "run_1", number: 2, type: "control", epoch: 1, at: "", body }], 0);
  show(run);
  curves.read(2);
  const told = curves.readings(["own"]).map(({ gauge, value }) => [gauge.series, value]);
  expect(told).toEqual([["train/loss", 2]]);
  expect(curves.told()[0]?.changes).toEqual({ learning_rate: 0.5 });
  curves.read(1);
  expect(curves.told()).toHaveLength(0);
});

test("the keyboard reads on and looks closer around what is read, and not beyond the run", () => {
  const losses = Array.from({ length: 100 }, (_, step) => 1 / (step + 1));
  show(trained("run_1", losses));
  curves.read(50);
  curves.zoomBy(0.5);
  expect(curves.view.value.zoom).toEqual({ from: 25, to: 75 });
  curves.readOn(-10);
  expect(curves.view.value.reading).toBe(25);
  curves.zoomBy(100);
  expect(curves.view.value.zoom).toBeNull();
  curves.read(1e9);
  expect(curves.view.value.reading).toBe(100);
});

test("a guess is drawn before there is a run and measured against it", () => {
  const horizon = curves.horizon;
  curves.draw({ step: 0, loss: 1 }, { step: horizon, loss: 1 });
  show(trained("run_1", [0.5, 0.5, 0.5]));
  const gap = curves.view.value.guess?.distance(shown?.curve("train/loss"));
  expect(gap).toBeCloseTo(0.5);
  expect(curves.curve("guess")("train/loss")?.points.length).toBeGreaterThan(10);
});
