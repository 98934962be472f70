import { expect, test } from "vitest";

import { Observable } from "../../src/observable";
import { INITIAL, type State } from "../../src/page/state";
import { Run } from "../../src/run/run";
import { Drawer, HIGHEST, LOWEST } from "../../src/timeline/drawer";
import type { RunRow } from "../../src/wire/plan";

const row = (id: string, status = "finished"): RunRow =>
  ({ id, status, step: 10, parent: null, latest: {}, document: {} }) as unknown as RunRow;

/** A drawer of a family of 100 runs, and what it asked the service for. */
function bench() {
  const asked: string[] = [];
  const waiting: (() => void)[] = [];
  const state = new Observable<State>({ ...INITIAL, run: Run.of(row("run_0")).view });
  const family = Array.from({ length: 100 }, (_, at) => row(`run_${at}`));
  const api = {
    tree: async () => family,
    metrics: async (run: string) => {
      asked.push(run);
      return {};
    },
  };
  const clock = {
    after: (_: number, call: () => void) => {
      waiting.push(call);
      return () => void (waiting.includes(call) && waiting.splice(waiting.indexOf(call), 1));
    },
    random: () => 0,
  };
  const drawer = new Drawer(state, api, (act) => void act(), clock);
  const settle = async () => {
    for (const call of waiting.splice(0)) call();
    for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
  };
  return { drawer, asked, settle, state };
}

test("curves are asked for the rows on the screen only, once each", async () => {
  const { drawer, asked, settle } = bench();
  drawer.toggle("tree");
  await settle();
  expect(drawer.view.value.family).toHaveLength(100);
  expect(asked).toEqual([]);
  drawer.see(["run_3"]);
  drawer.see(["run_7", "run_8"]);
  await settle();
  expect(asked).toEqual(["run_7", "run_8"]);
  drawer.see(["run_8", "run_9"]);
  await settle();
  expect(asked).toEqual(["run_7", "run_8", "run_9"]);
});

test("without a run there is no family, and its height has bounds", async () => {
  const { drawer, settle, state } = bench();
  drawer.toggle("tree");
  await settle();
  state.update((before) => ({ ...before, run: null }));
  expect(drawer.view.value.family).toEqual([]);
  drawer.resize(10);
  expect(drawer.view.value.height).toBe(LOWEST);
  drawer.resize(9_999);
  expect(drawer.view.value.height).toBe(HIGHEST);
});
