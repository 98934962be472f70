import { expect, test, vi } from "vitest";

import { Paths, type PathsSurroundings } from "../../src/descent/paths";
import { distinctions, settingOf } from "../../src/descent/settings";
import { Trail } from "../../src/descent/trail";
import { placeOf, twoOf } from "../../src/descent/two";
import { heightAt, numbersAt, placed, windowOf } from "../../src/descent/window";
import { Observable } from "../../src/observable";
import { INITIAL, type State } from "../../src/page/state";
import { Pictures } from "../../src/painting/pictures";
import { wantedProbes } from "../../src/painting/probes";
import type { Run, RunView } from "../../src/run/run";
import type { Picture } from "../../src/wire/frame";
import type { Document, Plan } from "../../src/wire/plan";
import { layer, planOf } from "../layout/plans";

const DOCUMENT: Document = { data: { name: "plane" }, network: { layers: ["linear"] } };

function lineOf(batch: number, optimizer: Plan["train"]["optimizer"] = { type: "sgd" }): Plan {
  const tensors = [
    { name: "bias", shape: [1], buffer: false },
    { name: "weight", shape: [1, 1], buffer: false },
    { name: "seen", shape: [7], buffer: true },
  ];
  const plan = planOf([1], [], [{ ...layer("linear", "line", "input", [1]), tensors }]);
  const train = { ...plan.train, batch_size: batch, optimizer };
  return { ...plan, data: { ...plan.data, sizes: { train: 50 } } as Plan["data"], train };
}

function weights(run: string, step: number, weight: number, bias: number): Picture {
  const arrays = [
    { name: "line.weight", shape: [1, 1], values: Float32Array.of(weight) },
    { name: "line.bias", shape: [1], values: Float32Array.of(bias) },
  ];
  return { run, probe: "", kind: "weights", step, epoch: 0, meta: {}, arrays };
}

function bench() {
  const state = new Observable<State>({ ...INITIAL, document: DOCUMENT, plan: lineOf(50) });
  const pictures = new Pictures();
  const leaving: ((run: Run) => void)[] = [];
  const show = vi.fn((change: Partial<State>) => state.update((now) => ({ ...now, ...change })));
  const pair = { state: new Observable<State | null>(null), beside: null as unknown };
  const paths = new Paths({
    session: {
      state,
      pictures,
      show,
      attendance: { onLeave: (tell: (run: Run) => void) => leaving.push(tell) },
    },
    pair,
  } as unknown as PathsSurroundings);
  const change = (change: Partial<State>): void => state.update((now) => ({ ...now, ...change }));
  const run = (id: string, batch: number, ...steps: [number, number, number][]): void => {
    change({ run: { id, begunAt: 0 } as RunView, plan: lineOf(batch) });
    for (const [step, weight, bias] of steps) pictures.put(weights(id, step, weight, bias));
  };
  const leave = (): void => {
    const view = state.value.run as RunView;
    for (const tell of leaving) tell({ view } as Run);
    change({ run: null });
  };
  return { state, pictures, paths, pair, show, change, run, leave };
}

test("a net has a surface where exactly two numbers are trained, matrices first", () => {
  expect(twoOf(lineOf(1))?.map(({ name }) => name)).toEqual(["line.weight", "line.bias"]);
  const wide = planOf([2], [], [layer("linear", "line", "input", [1])]);
  const tensors = [{ name: "weight", shape: [1, 2], buffer: false }];
  const of = (...more: typeof tensors): Plan => ({
    ...wide,
    layers: wide.layers.map((each) => ({ ...each, tensors: [...tensors, ...more] })),
  });
  expect(twoOf(of())?.map(({ name }) => name)).toEqual(["line.weight[0]", "line.weight[1]"]);
  expect(twoOf(of({ name: "bias", shape: [1], buffer: false }))).toBeNull();
  expect(placeOf(weights("a", 0, 3, 4), twoOf(lineOf(1)) ?? [])).toEqual([3, 4]);
});

test("the surface is asked for while it is looked at, of such nets alone", () => {
  const surface = windowOf([]);
  const looking = { ...INITIAL, surface };
  const kinds = (plan: Plan, now: State): string[] => wantedProbes(plan, now).map((p) => p.kind);
  expect(kinds(lineOf(1), looking)).toContain("surface");
  expect(kinds(lineOf(1), INITIAL)).not.toContain("surface");
  expect(kinds(planOf([1], [], [layer("linear", "a", "input", [1])]), looking)).not.toContain(
    "surface",
  );
});

test("a trail is in the order of steps, and thinned keeps its ends", () => {
  const trail = new Trail(5);
  for (const step of [4, 0, 2, 2]) trail.add(step, [step, 0]);
  expect(trail.places.map(([x]) => x)).toEqual([0, 2, 4]);
  for (const step of [5, 6, 7]) trail.add(step, [step, 0]);
  expect(trail.places.map(([x]) => x)).toEqual([0, 4, 6, 7]);
});

// proves D2.paths
test("paths of three runs lie on one surface, each with its own batch", () => {
  const { run, leave, paths, pictures } = bench();
  pictures.put(weights("", 0, -0.6, -0.8));
  run("all", 50, [1, -0.3, -0.7], [2, 0, -0.6]);
  leave();
  run("one", 1, [1, 0.1, -0.7], [2, -0.2, -0.5]);
  leave();
  run("ten", 10, [1, 0, -0.7]);
  const shown = paths.shown.map(({ owner, setting: { batch, whole }, places }) => ({
    ...{ owner, batch, whole },
    steps: places.length,
  }));
  expect(shown).toEqual([
    { owner: "earlier", batch: 50, whole: true, steps: 3 },
    { owner: "before", batch: 1, whole: false, steps: 3 },
    { owner: "own", batch: 10, whole: false, steps: 2 },
  ]);
  // All begin where the untrained net stood.
  for (const { places } of paths.shown) expect(places[0]?.[0]).toBeCloseTo(-0.6);
});

test("other data are another surface, and a fork begins where its parent stood", () => {
  const { run, leave, paths, change, pictures } = bench();
  pictures.put(weights("", 0, -0.6, -0.8));
  run("a", 10, [1, 0, 0]);
  leave();
  change({ document: { ...DOCUMENT, data: { name: "hills" } } });
  expect(paths.shown).toEqual([]);
  change({ document: { ...DOCUMENT, train: { epochs: 3 } } });
  expect(paths.shown).toHaveLength(1);
  change({ run: { id: "fork", begunAt: 7 } as RunView });
  pictures.put(weights("fork", 8, 0.5, 0.5));
  expect(paths.shown.at(-1)).toMatchObject({ owner: "own", places: [[0.5, 0.5]] });
});

test("the run beside has a path of its own, from its own pictures", () => {
  const { run, paths, pair, state } = bench();
  run("a", 10, [1, 0.25, 0.5]);
  const pictures = new Pictures();
  const b = { ...state.value, run: { id: "b", begunAt: 0 } as RunView, plan: lineOf(10) };
  pair.beside = { state: new Observable(b), pictures };
  pair.state.set(b);
  pictures.put(weights("b", 1, -0.25, 0.5));
  expect(paths.shown.map(({ owner }) => owner)).toEqual(["beside", "own"]);
  pair.beside = null;
  pair.state.set(null);
  expect(paths.shown.map(({ owner }) => owner)).toEqual(["own"]);
});

test("the window rests while all stay in it, and then doubles", () => {
  const { run, show, change, paths } = bench();
  change({ surface: paths.window });
  run("a", 10, [1, 0.1, 0.1], [2, 0.4, 0.2]);
  expect(show).not.toHaveBeenCalled();
  run("a", 10, [3, 0.4, 0.7]);
  expect(show).toHaveBeenCalledOnce();
  expect(show.mock.lastCall?.[0]).toEqual({ surface: { low: [-0.5, -1], high: [0.5, 1] } });
  expect(windowOf([[NaN, 3]]).high).toEqual([0.5, 4]);
});

test("places and numbers are one another's reverse, and heights lie between neighbours", () => {
  const window = { low: [-1, -2], high: [1, 2] } as ReturnType<typeof windowOf>;
  expect(placed([-1, 2], window)).toEqual([0, 0]);
  expect(numbersAt(placed([0.5, -1], window), window)).toEqual([0.5, -1]);
  const values = Float32Array.of(0, 1, 2, 3);
  expect(heightAt(values, 2, [0.5, 0.5])).toBe(1.5);
  expect(heightAt(values, 2, [1, 0])).toBe(1);
});

test("what tells two settings apart is named, what is common is not", () => {
  const [plain, swung] = [0, 0.9].map((momentum) =>
    settingOf(lineOf(10, { type: "sgd", momentum })),
  ) as [ReturnType<typeof settingOf>, ReturnType<typeof settingOf>];
  const adam = settingOf(lineOf(10, { type: "adam" }));
  expect(distinctions(plain, [plain, plain])).toEqual([]);
  expect(distinctions(adam, [plain, adam])).toEqual(["adam"]);
  expect(distinctions(swung, [plain, swung])).toEqual(["momentum 0.9"]);
});
