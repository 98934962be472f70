import { expect, test, vi } from "vitest";

import { Pictures } from "../../src/painting/pictures";
import { Run } from "../../src/run/run";
import { type Bench, Timeline } from "../../src/timeline/timeline";
import type { Picture } from "../../src/wire/frame";
import type { Document, RunRow } from "../../src/wire/plan";
import type { Probe, RunEvent } from "../../src/wire/types";
import { DIGITS, SPIRAL } from "../layout/plans";

const FIELDS: Probe[] = [
  { kind: "field", resolution: 4, extent: 6 },
  { kind: "unit_fields", resolution: 4, extent: 6 },
  { kind: "weights" },
];
const UNITS: Probe[] = [{ kind: "units" }, { kind: "confusion" }];
const row = { id: "run_1", status: "running", parent: null, parent_step: null } as RunRow;

function weights(step: number, run = "run_1"): Picture {
  const arrays = [
    { name: "linear_1.weight", shape: [8, 7], values: new Float32Array(56).fill(step / 1_000) },
    { name: "linear_2.weight", shape: [8, 8], values: new Float32Array(64).fill(0.1) },
    { name: "linear_3.weight", shape: [1, 8], values: new Float32Array(8).fill(0.1) },
  ];
  return { run, probe: "", kind: "weights", step, epoch: 0, meta: {}, arrays };
}

/** A timeline of a run at step 1,000 of which the service keeps some steps. */
async function bench(wanted = FIELDS, kept = [1, 10, 100]) {
  const waiting: (() => void)[] = [];
  const asked: [string, string, number][] = [];
  const changed = vi.fn();
  const pictures = new Pictures();
  const surroundings: Bench = {
    pictures,
    clock: {
      after: (_, call) => {
        waiting.push(call);
        return () => void waiting.splice(waiting.indexOf(call), 1);
      },
      random: () => 0,
    },
    plan: () => (wanted === FIELDS ? SPIRAL : DIGITS),
    document: () => ({ name: "now" }),
    speed: () => 0,
    wanted: () => wanted,
    inspect: async (run, probe, step) => {
      asked.push([run, probe.kind, step]);
      return { ...weights(step, run), kind: probe.kind };
    },
    checkpoints: async (run) =>
      (run === "run_0" ? [5, 80] : kept).map((step) => ({ step, samples: 10 * step })),
    guard: (act) => void act(),
    changed,
  };
  const timeline = new Timeline(surroundings);
  const run = Run.of(row);
  const document: Document = { name: "began" };
  timeline.open(run, { ...row, document });
  run.apply([metrics(1_000)], 0);
  timeline.follow(run);
  await settle();
  const rest = async (): Promise<void> => {
    for (const call of waiting.splice(0)) call();
    await settle();
  };
  return { timeline, run, pictures, asked, rest, changed };
}

function metrics(step: number): RunEvent {
  const body = { step, samples: 10 * step, elapsed: 1, series: {} };
  return { run: "run_1", number: 1, type: "metrics", epoch: 1, at: "", body };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
}

test("the nearest moment held is drawn at once, and the exact one after a rest", async () => {
  const { timeline, pictures, asked, rest } = await bench();
  timeline.keep("weights", weights(12));
  timeline.showAt(105);
  expect(pictures.get("field")?.step).toBe(12);
  await rest();
  expect(asked).toEqual([["run_1", "weights", 100]]);
  expect(pictures.get("field")?.step).toBe(100);
  expect(pictures.stale).toBe(false);
});

test("a net that the page cannot compute keeps its old picture, fainter, until the answer", async () => {
  const { timeline, pictures, asked, rest } = await bench(UNITS);
  pictures.put({ ...weights(1_000), kind: "units" });
  timeline.showAt(10);
  expect([pictures.get("units")?.step, pictures.stale]).toEqual([1_000, true]);
  await rest();
  expect(asked.map(([, kind]) => kind)).toEqual(["units", "confusion"]);
  expect([pictures.get("units")?.step, pictures.stale]).toEqual([10, false]);
});

test("the present comes in meanwhile and is there again when it is asked for", async () => {
  const { timeline, run, pictures, rest, changed } = await bench();
  timeline.showAt(10);
  await rest();
  pictures.put({ ...weights(1_001), kind: "field" });
  expect(pictures.get("field")?.step).toBe(10);
  expect(timeline.follow(run).past).toMatchObject({ step: 10, now: 1_000, from: 10 });
  timeline.showLive();
  expect(pictures.get("field")?.step).toBe(1_001);
  expect(timeline.follow(run).past).toBeNull();
  expect(changed).toHaveBeenLastCalledWith({ name: "now" });
});

test("figures are those of the moment", async () => {
  const { timeline, run } = await bench();
  timeline.showAt(10);
  expect(timeline.follow(run).run).toMatchObject({ step: 10, samples: 100 });
});

test("the keys go a moment at a time, and beyond the last is the present", async () => {
  const { timeline, run } = await bench();
  expect(timeline.steps).toEqual([0, 1, 10, 100]);
  timeline.move(-1);
  expect(timeline.follow(run).past?.step).toBe(100);
  timeline.move(-10);
  expect(timeline.follow(run).past?.step).toBe(0);
  timeline.move(10);
  expect(timeline.follow(run).past).toBeNull();
});

test("a change in between goes on from the kept step before it", async () => {
  const { timeline, run } = await bench();
  timeline.keep("weights", weights(60));
  timeline.showAt(60);
  expect(timeline.follow(run).past).toMatchObject({ step: 60, from: 10 });
  expect(timeline.keeperAt(10)).toBe("run_1");
});

test("the recording plays moment by moment to the present, and can be held", async () => {
  const { timeline, run, rest } = await bench();
  timeline.showAt(0);
  timeline.carryOut("play");
  await rest();
  expect(timeline.follow(run).past).toMatchObject({ step: 1, playing: true });
  timeline.carryOut("play");
  await rest();
  expect(timeline.follow(run).past).toMatchObject({ step: 1, playing: false });
  timeline.carryOut("play");
  for (let turn = 0; turn < 4; turn++) await rest();
  expect(timeline.follow(run).past).toBeNull();
});

test("the ancestors of a fork keep the moments before it", async () => {
  const { timeline, asked, rest } = await bench(FIELDS, [100]);
  timeline.precede([{ run: "run_0", until: 50, series: {} }]);
  await settle();
  expect(timeline.steps).toEqual([0, 5, 100]);
  timeline.showAt(5);
  await rest();
  expect(asked).toEqual([["run_0", "weights", 5]]);
});

test("a moment that was thinned out meanwhile gives way to the one before it", async () => {
  const { timeline, run, rest } = await bench(FIELDS, [10, 100]);
  timeline["bench"].inspect = async () => weights(10);
  timeline.showAt(100);
  await rest();
  expect(timeline.follow(run).past?.step).toBe(10);
  expect(timeline.steps).toEqual([0, 10]);
});
