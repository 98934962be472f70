import { expect, test } from "vitest";

import { Observable } from "../../src/observable";
import { INITIAL, type State } from "../../src/page/state";
import { AskedSums } from "../../src/sight/asked";
import type { Picture } from "../../src/wire/frame";
import type { Plan } from "../../src/wire/plan";
import type { Probe } from "../../src/wire/types";
import { layer, planOf } from "../layout/plans";

const wide: Plan = {
  ...planOf(
    [300],
    ["0", "1"],
    [
      { ...layer("linear", "a", "input", [400]), fields: { activation: "relu" } },
      layer("linear", "b", "a", [2]),
    ],
  ),
};
wide.totals = { ...wide.totals, parameters: 120_000 };

/** A page before a service that answers when it is told to. */
function page(plan = wide) {
  const state = new Observable<State>({ ...INITIAL, plan });
  const asked: { probe: Probe; answer(total: number): void }[] = [];
  let late: (() => void) | null = null;
  const ask = (probe: Probe): Promise<Picture> =>
    new Promise((resolve) => {
      const answer = (value: number): void => {
        const meta = { value, sums: [{ kind: "function", name: "relu", x: value, total: value }] };
        resolve({ run: null, probe: "", kind: "sum", step: 0, epoch: 0, meta, arrays: [] });
      };
      asked.push({ probe, answer });
    });
  const sums = new AskedSums(
    {
      state,
      questions: { inspect: (_, probe) => ask(probe), inspectRun: (_, probe) => ask(probe) },
      guard: (act) => act(),
    },
    {
      after: (_, call) => {
        late = call;
        return () => (late = null);
      },
    },
  );
  return {
    ...{ sums, asked },
    point: (index: number | null) =>
      state.set({ ...state.value, spot: index === null ? null : { card: "a", index } }),
    wait: () => late?.(),
    hear: async (at: number, value: number) => {
      asked[at]?.answer(value);
      await new Promise((goOn) => setTimeout(goOn));
    },
  };
}

test("a number of a net that is too large to send is asked for with its card's layers", async () => {
  const { sums, asked, point, hear } = page();
  point(0);
  expect(asked[0]?.probe).toMatchObject({ kind: "sum", layers: ["a"], unit: 0, place: 0 });
  await hear(0, 0.5);
  expect(sums.view.value).toMatchObject({ value: 0.5, old: false, skeleton: [] });
});

test("until the numbers come the formula stands there, and what stood before it as old", async () => {
  const { sums, point, wait, hear } = page();
  point(0);
  wait();
  expect(sums.view.value).toMatchObject({ sums: [], skeleton: ["Σ w·x + b", "relu(x)"] });
  await hear(0, 0.5);
  point(30);
  expect(sums.view.value).toMatchObject({ value: 0.5, old: true });
});

test("one question is under way at a time; the newest is put next, the others never", async () => {
  const { sums, asked, point, hear } = page();
  for (const index of [0, 20, 40]) point(index);
  expect(asked).toHaveLength(1);
  await hear(0, 0.1);
  expect(sums.view.value).toBeNull();
  expect(asked).toHaveLength(2);
  await hear(1, 0.4);
  expect(sums.view.value).toMatchObject({ value: 0.4, old: false });
  point(null);
  expect(sums.view.value).toBeNull();
});

test("what the page computes itself is not asked for", () => {
  const { asked, point } = page({ ...wide, totals: { ...wide.totals, parameters: 500 } });
  point(0);
  expect(asked).toEqual([]);
});

test("what stands on a card as a matrix is not asked for: it came with the insides", () => {
  const plan = planOf([8, 300], ["0", "1"], [layer("gru", "a", "input", [8, 400], { units: 400 })]);
  plan.totals = { ...plan.totals, parameters: 120_000 };
  const { asked, point } = page(plan);
  point(0);
  expect(asked).toEqual([]);
});
