import { expect, test } from "vitest";

import type { CurvesView, Laid } from "../../src/curves/curves";
import { Overlay } from "../../src/curves/overlay";
import { Observable } from "../../src/observable";
import type { RunRow } from "../../src/wire/plan";
import type { Columns } from "../../src/wire/types";

function columns(first: number, last: number): Columns {
  const values = [last];
  const rest = { mean: values, min: values, max: values, last: values, count: [1] };
  return { first_step: [first], last_step: [last], ...rest };
}

/** Curves that take what is laid over them; a parent and its fork at step 40. */
function bench(status = "finished") {
  const view = new Observable({ laid: null } as CurvesView);
  const asked: string[] = [];
  const waiting: (() => void)[] = [];
  const api = {
    run: async (id: string) => {
      asked.push(id);
      const parent = id === "fork" ? { parent: "parent", parent_step: 40 } : { parent: null };
      return { id, status, results: null, parent_step: null, ...parent } as unknown as RunRow;
    },
    metrics: async (id: string) => ({
      "train/loss": id === "fork" ? columns(41, 90) : columns(1, 40),
    }),
  };
  const lay = (laid: Laid | null) => view.update((before) => ({ ...before, laid }));
  const clock = {
    after: (_: number, call: () => void) => {
      waiting.push(call);
      return () => void waiting.splice(0);
    },
  };
  const overlay = new Overlay({ view, lay }, api, (act) => void act(), clock);
  const settle = async () => {
    for (const call of waiting.splice(0)) call();
    for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
  };
  return { overlay, view, asked, settle, lay };
}

test("a fork is laid over with what came before it, and a second time takes it away", async () => {
  const { overlay, view, settle } = bench();
  overlay.toggle("fork", "rate 0.003");
  await settle();
  const { laid } = view.value;
  expect(laid?.name).toBe("rate 0.003");
  expect(laid?.run.curve("train/loss")?.points.map(({ lastStep }) => lastStep)).toEqual([40, 90]);
  overlay.toggle("fork", "rate 0.003");
  await settle();
  expect(view.value.laid).toBeNull();
});

test("one that still trains is asked for again until it is taken away", async () => {
  const { overlay, asked, settle, lay } = bench("running");
  overlay.toggle("run", "a");
  await settle();
  await settle();
  expect(asked).toEqual(["run", "run"]);
  lay(null);
  await settle();
  expect(asked).toEqual(["run", "run"]);
});

test("what arrives after another was chosen is not shown", async () => {
  const { overlay, view, settle } = bench();
  overlay.toggle("first", "first");
  overlay.toggle("second", "second");
  await settle();
  expect(view.value.laid?.name).toBe("second");
});
