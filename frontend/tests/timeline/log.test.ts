import { expect, test } from "vitest";

import { entriesOf } from "../../src/timeline/log";
import type { RunEvent } from "../../src/wire/types";
import { type Language, say } from "../../src/words/words";

function read(events: [string, Record<string, unknown>][], language: Language = "en") {
  const log = events.map(([type, body], at) => {
    const when = "2026-01-01T00:00:00.000Z";
    return { run: "run_1", number: at + 1, type, epoch: 0, at: when, body } as RunEvent;
  });
  const sentences = {
    "reason.diverged": "The loss is no longer a finite number.",
    "reason.poisoned": "It failed {deaths} times.",
    "reason.child_lost": "Its process was lost.",
  };
  const entries = entriesOf(log, (key, params) => say(language, key, params), sentences);
  return entries.map(({ step, words }) => [step, words]);
}

const control = (
  step: number,
  body: Record<string, unknown>,
): [string, Record<string, unknown>] => ["control", { control: "control_1", body, step }];

test("states are told with their reasons, the newest first", () => {
  expect(
    read([
      ["status", { status: "running", reason: null, step: 0 }],
      ["status", { status: "paused", reason: "diverged", step: 212 }],
      ["status", { status: "failed", reason: "poisoned", params: { deaths: 3 }, step: 212 }],
    ]),
  ).toEqual([
    [212, "failed; It failed 3 times."],
    [212, "rests; The loss is no longer a finite number."],
    [0, "trains"],
  ]);
});

test("what a person asked for is told by its name, in both languages", () => {
  const asked = [
    control(0, { action: "play", ramp: true }),
    control(4, { action: "step", unit: "batch", count: 1 }),
    control(5, { action: "step", unit: "epoch", count: 3 }),
    control(9, { action: "pause" }),
  ];
  expect(read(asked).map(([, words]) => words)).toEqual([
    "asked to pause",
    "asked for 3 epochs",
    "asked for one batch",
    "asked to train on, slowly at first",
  ]);
  expect(read(asked, "zh").map(([, words]) => words)).toContain("要求训练 3 轮");
});

test("set numbers are told by their names", () => {
  const set = { action: "set", changes: { learning_rate: 0.003, batch_size: 20, l1: null } };
  expect(read([control(40, set)])).toEqual([[40, "set: learning rate 0.003, batch 20"]]);
  expect(read([control(40, set)], "zh")).toEqual([[40, "设定：学习率 0.003，批量大小 20"]]);
});

test("of a hand that drags a weight only where it rested is told", () => {
  const drag = (value: number) => {
    const weights = [{ name: "linear_1.weight", index: [2, 0], value }];
    return control(7, { action: "set", changes: { weights } });
  };
  expect(read([drag(0.1), drag(0.2), drag(0.5)])).toEqual([
    [7, "by hand: linear_1.weight[2,0] 0.50"],
  ]);
});

test("what is kept, a take-over and what only machines read", () => {
  expect(
    read([
      ["snapshot", { checkpoint: "c", step: 100, samples: 1, size: 1, kept: true }],
      ["checkpoint", { checkpoint: "c", step: 140, samples: 1, size: 1, kept: false }],
      ["rewind", { to_step: 100, reason: "child_lost" }],
      ["metrics", { step: 150 }],
      ["unheard", {}],
    ]),
  ).toEqual([
    [100, "taken over; Its process was lost."],
    [140, "state saved"],
    [100, "moment kept: a run can go on from here"],
  ]);
});

test("a change of tier is told as what it means, in both languages", () => {
  const compiled = control(900, { action: "switch", tier: "compiled", key: "0f" });
  const graph = control(900, { action: "switch", tier: "graph", key: "0f" });
  expect(read([compiled])).toEqual([[900, "goes on by steps compiled for this processor"]]);
  expect(read([graph])).toEqual([[900, "goes on by steps recorded on the GPU"]]);
  expect(read([compiled], "zh")).toEqual([[900, "改用为本机处理器编译的训练步继续"]]);
});
