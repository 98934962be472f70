import { expect, test } from "vitest";

import { datasetOf, epochsOf, figure, shortNet, withEvents } from "../../src/runs/row";
import type { RunRow } from "../../src/wire/plan";
import type { RunEvent } from "../../src/wire/types";

const row = {
  id: "run_1",
  status: "running",
  step: 10,
  samples: 500,
  elapsed: 1,
  latest: { "train/loss": 0.5 },
  resolved: { data: { sizes: { train: 250 } } },
  document: { data: { name: "spiral" } },
  results: null,
  finished_at: null,
  last_event: 4,
} as unknown as RunRow;

function event(number: number, type: string, body: Record<string, unknown>): RunEvent {
  return { run: "run_1", number, type, epoch: 1, at: "2026-05-03T10:00:00.000Z", body };
}

function metrics(number: number, step: number, loss: number | string): RunEvent {
  const one = { first_step: [step], last_step: [step], count: [1] };
  const series = {
    "validation/loss": { ...one, mean: [loss], min: [loss], max: [loss], last: [loss] },
  };
  return event(number, "metrics", { step, samples: step * 50, elapsed: 2, series });
}

test("a row follows its run", () => {
  const ended = event(6, "status", { status: "finished", results: { "test/loss": 0.1 } });
  const next = withEvents(row, [metrics(5, 20, 0.25), ended]);
  expect(next).toMatchObject({ step: 20, status: "finished", last_event: 6, elapsed: 2 });
  expect(next.finished_at).toBe("2026-05-03T10:00:00.000Z");
  expect(next.results).toEqual({ "test/loss": 0.1 });
  expect(figure(next, "validation/loss")).toBe(0.25);
  expect(figure(next, "train/loss")).toBe(0.5);
  expect(epochsOf(next)).toBe(4);
});

test("what a row knows already changes nothing, and a rewind takes it back", () => {
  expect(withEvents(row, [metrics(4, 99, 9)])).toBe(row);
  expect(withEvents(row, [event(5, "rewind", { to_step: 3, reason: "child_lost" })]).step).toBe(3);
  expect(figure(withEvents(row, [metrics(5, 11, "NaN")]), "validation/loss")).toBeNaN();
});

test("a network is said in a few signs", () => {
  const layers = [{ type: "linear", units: 8, activation: "tanh" }, "linear"];
  expect(shortNet({ network: { layers } })).toBe("8 tanh · linear");
  const conv = { type: "conv2d", channels: 16, activation: "relu" };
  expect(shortNet({ network: { layers: [conv, "flatten"] } })).toBe("conv2d 16 relu · flatten");
  const deep = Array.from({ length: 9 }, () => "relu");
  expect(shortNet({ network: { layers: [...deep, "linear"] } })).toBe(
    "relu · relu · relu · … · linear",
  );
  expect(shortNet({ networks: { g: { layers: [] }, d: { layers: [] } } })).toBe("g + d");
  expect(shortNet({})).toBe("");
  expect(datasetOf({ document: { data: { name: "moons" } } })).toBe("moons");
  expect(datasetOf({ document: {} })).toBe("");
});
