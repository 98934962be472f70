import { expect, test } from "vitest";

import type { Effect } from "../../src/actions/action";
import { Observable } from "../../src/observable";
import { INITIAL, type State } from "../../src/page/state";
import { isLevel, openBeside } from "../../src/pair/open";
import type { RunView } from "../../src/run/run";
import type { Document } from "../../src/wire/plan";

const A: Document = { data: { name: "moons" }, train: { batch_size: 20, seed: 1 } };
const B: Document = { ...A, network: { layers: ["linear"] } };

function asked(run: Partial<RunView> | null, start?: "ramp" | "paused"): Effect[] {
  const effects: Effect[] = [];
  const state = new Observable<State>({ ...INITIAL, document: A, run: run as RunView | null });
  openBeside({ state, carryOut: (effect) => void effects.push(effect) }, B, start);
  return effects;
}

test("a draft and its remedy begin at rest, one beside the other", () => {
  expect(asked(null)).toEqual([{ do: "create", start: "paused", pair: B }]);
});

test("what was training ends, and both go on from the beginning", () => {
  const begun: Effect = { do: "create", start: "ramp", pair: B };
  expect(asked({ status: "running" })).toEqual([{ do: "reset" }, begun]);
  expect(asked({ status: "paused" }, "ramp")).toEqual([{ do: "reset" }, begun]);
});

test("other batches, epochs or data cannot keep step", () => {
  expect(isLevel(A, B)).toBe(true);
  expect(isLevel(A, { ...A, train: { batch_size: "all", seed: 1 } })).toBe(false);
  expect(isLevel(A, { ...A, train: { batch_size: 20, epochs: 9 } })).toBe(false);
  expect(isLevel(A, { ...A, data: { name: "xor" } })).toBe(false);
});
