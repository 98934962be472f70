import { expect, test } from "vitest";

import { ACTIONS, actionFor } from "../../src/actions/actions";
import { redo, undo } from "../../src/actions/history";
import { play } from "../../src/actions/play";
import { reset } from "../../src/actions/reset";
import { oneBatch, oneEpoch } from "../../src/actions/step";
import { INITIAL, type State } from "../../src/page/state";
import type { RunView } from "../../src/run/run";
import type { Plan, Problem } from "../../src/wire/plan";
import type { Status } from "../../src/wire/types";

const sound: State = { ...INITIAL, plan: { train: { epochs: 10 } } as Plan };

function withRun(status: Status): State {
  return { ...sound, run: { id: "run_a", status, step: 7 } as RunView };
}

function press(key: string, held: Partial<Record<"shiftKey" | "ctrlKey", boolean>> = {}) {
  return actionFor({
    key,
    shiftKey: false,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    ...held,
  });
}

test("play begins, pauses and goes on", () => {
  expect(play.perform(sound)).toEqual({ do: "create", start: "ramp" });
  expect(play.perform(withRun("running"))).toEqual({ do: "control", control: { action: "pause" } });
  expect(play.perform(withRun("paused"))).toEqual({
    do: "control",
    control: { action: "play", ramp: true },
  });
  expect(play.perform(withRun("failed"))).toEqual({ do: "create", start: "ramp" });
});

test("play trains on where a run ended: a finished one longer, a stopped one to its end", () => {
  const document = { train: { epochs: 20 } };
  expect(play.perform(withRun("finished"))).toEqual({ do: "fork", step: 7, document });
  expect(play.perform(withRun("stopped"))).toEqual({ do: "fork", step: 7, document: {} });
});

test("a batch of a draft begins a run of one batch", () => {
  expect(oneBatch.perform(sound)).toEqual({ do: "create", start: "batch" });
  const control = { action: "step", unit: "epoch", count: 1 };
  expect(oneEpoch.perform(withRun("paused"))).toEqual({ do: "control", control });
});

test("a step in the past is a fork's from the step that was kept, and leaves the run alone", () => {
  const past = { step: 420, now: 900, from: 400, playing: false };
  const back: State = { ...withRun("running"), past, document: { name: "then" } };
  const fork = { do: "fork", step: 400, document: { name: "then" } };
  expect(oneBatch.perform(back)).toEqual({ ...fork, start: "batch" });
  expect(oneEpoch.perform(back)).toEqual({ ...fork, start: "epoch" });
  expect(oneBatch.enabled({ ...withRun("finished"), past })).toBe(true);
});

test("nothing begins while the document has problems", () => {
  expect(play.enabled({ ...sound, problems: [{} as Problem] })).toBe(false);
  expect(oneBatch.enabled({ ...sound, unread: true })).toBe(false);
});

test("a finished run takes no further steps, and reset needs a run", () => {
  expect(oneBatch.enabled(withRun("finished"))).toBe(false);
  expect(reset.enabled(sound)).toBe(false);
});

test("keys mean what the list of keys says", () => {
  expect(press(" ")).toBe(play);
  expect(press("R")).toBe(reset);
  expect(press("ArrowRight")).toBe(oneBatch);
  expect(press("ArrowRight", { shiftKey: true })).toBe(oneEpoch);
  expect(press("r", { ctrlKey: true })).toBeUndefined();
  expect(press("z", { ctrlKey: true })).toBe(undo);
  expect(press("Z", { ctrlKey: true, shiftKey: true })).toBe(redo);
  expect(press("y", { ctrlKey: true })).toBe(redo);
  expect(press("z")).toBeUndefined();
});

test("no key has two meanings", () => {
  const keys = ACTIONS.flatMap((action) => action.keys);
  expect(new Set(keys).size).toBe(keys.length);
});
