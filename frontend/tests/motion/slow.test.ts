import { expect, test } from "vitest";

import type { Effect } from "../../src/actions/action";
import { slow as action } from "../../src/actions/slow";
import { batchOf, greatestUpdate } from "../../src/motion/batch";
import { momentAt, SlowMotion } from "../../src/motion/slow";
import { Observable } from "../../src/observable";
import { INITIAL, type State } from "../../src/page/state";
import type { RunView } from "../../src/run/run";
import type { Picture } from "../../src/wire/frame";
import type { Plan } from "../../src/wire/plan";

const plan = { layers: [], totals: { parameters: 50 }, train: {} } as unknown as Plan;
const sound: State = { ...INITIAL, plan, document: { network: { layers: ["linear"] } } };

function run(step: number, status: RunView["status"] = "paused"): RunView {
  return { id: "run_a", step, status, live: true } as RunView;
}

function batch(step: number): Picture {
  const arrays = [
    { name: "values/linear_1", shape: [2], values: Float32Array.of(0.5, -1) },
    { name: "updates/linear_1.weight", shape: [2], values: Float32Array.of(0.01, -0.02) },
    { name: "updates/linear_1.bias", shape: [1], values: Float32Array.of(0.005) },
  ];
  const meta = { size: 10, loss: 0.42, rate: 0.03 };
  return { run: "run_a", probe: "", kind: "batch", step, epoch: 1, meta, arrays };
}

/** A page whose service answers when it is told to, and whose clock goes when it is told to. */
function page(stills = false) {
  const state = new Observable<State>({ ...sound, run: run(7) });
  const effects: Effect[] = [];
  const change = (by: Partial<State>): void => state.set({ ...state.value, ...by });
  let [now, tick, answer]: [number, (() => void) | null, (picture: Picture) => void] = [
    0,
    null,
    () => undefined,
  ];
  const slow = new SlowMotion({
    session: {
      state,
      show: change,
      carryOut: (effect) => void effects.push(effect),
      guard: (act) => act(),
    },
    questions: { inspectRun: () => new Promise((resolve) => (answer = resolve)) },
    now: () => now,
    every: (_, call) => {
      tick = call;
      return () => (tick = null);
    },
    prefersStills: () => stills,
  });
  return {
    ...{ slow, state, effects, change },
    hold: () => change({ slow: true }),
    async hear(picture: Picture): Promise<void> {
      answer(picture);
      await new Promise((goOn) => setTimeout(goOn));
    },
    pass(ms: number): void {
      for (let left = ms; left > 0 && tick; left -= 50) {
        now += Math.min(50, left);
        tick();
      }
    },
    get moves(): boolean {
      return tick !== null;
    },
  };
}

const takes: Effect = { do: "control", control: { action: "step", unit: "batch", count: 1 } };

test("a batch goes forward for 600 ms, through the loss for 300, back for 600, updates for 400", () => {
  const phases = [0, 599, 600, 899, 900, 1_499, 1_500, 1_900].map((ms) => momentAt(ms).phase);
  expect(phases).toEqual(
    ["forward", "loss", "backward", "update"].flatMap((phase) => [phase, phase]),
  );
  expect(momentAt(1_200)).toEqual({ phase: "backward", share: 0.5 });
});

test("held, the batch is shown with its own numbers, and then it is taken", async () => {
  const { slow, hold, hear, pass, effects, state } = page();
  hold();
  await hear(batch(7));
  expect(slow.state.value?.batch).toMatchObject({ step: 7, size: 10, loss: 0.42, rate: 0.03 });
  pass(1_850);
  expect(effects).toEqual([]);
  pass(100);
  expect(effects).toEqual([takes]);
  expect(slow.state.value).toBeNull();
  expect(state.value.slow).toBe(false);
});

test("released, it stands still where it is; held again it goes on from there", async () => {
  const bench = page();
  bench.hold();
  await bench.hear(batch(7));
  bench.pass(700);
  bench.slow.release("S");
  expect(bench.moves).toBe(false);
  expect(bench.slow.state.value?.elapsed).toBe(700);
  bench.hold();
  bench.pass(1_150);
  expect(bench.slow.state.value?.elapsed).toBe(1_850);
  expect(bench.effects).toEqual([]);
});

test("a key that is only touched shows the batch at rest", async () => {
  const { slow, change, hold, hear, effects, moves } = page();
  change({ run: null });
  hold();
  slow.release("s");
  change({ run: run(7) });
  await hear(batch(7));
  expect(slow.state.value?.elapsed).toBe(0);
  expect(moves).toBe(false);
  expect(effects).toEqual([{ do: "create", start: "paused" }]);
});

test("who wants nothing to move gets four stills, and the batch after the last", async () => {
  const { slow, hold, hear, effects } = page(true);
  hold();
  await hear(batch(7));
  const seen = [0, 1, 2, 3].map(() => {
    const { phase } = momentAt(slow.state.value?.elapsed ?? 0);
    slow.next();
    return phase;
  });
  expect(seen).toEqual(["forward", "loss", "backward", "update"]);
  expect(effects).toEqual([takes]);
});

test("a run that trains is held first; a draft is begun at rest", () => {
  const { hold, change, effects } = page();
  change({ run: run(7, "running") });
  hold();
  expect(effects).toEqual([{ do: "control", control: { action: "pause" } }]);
  const draft = page();
  draft.change({ run: null });
  draft.hold();
  draft.change({ beginning: true });
  draft.change({ beginning: false });
  expect(draft.effects).toEqual([{ do: "create", start: "paused" }]);
});

test("a batch that is not the next one any more goes away untaken", async () => {
  const { slow, hold, hear, change, effects } = page();
  hold();
  await hear(batch(7));
  change({ run: run(8) });
  expect(slow.state.value).toBeNull();
  hold();
  await hear(batch(7));
  expect(slow.state.value).toBeNull();
  expect(effects).toEqual([]);
});

test("nets whose numbers are too many, guests and the past have none", () => {
  const wide = { ...plan, totals: { parameters: 50_001 } } as Plan;
  expect(action.enabled(sound)).toBe(true);
  expect(action.enabled({ ...sound, plan: wide })).toBe(false);
  expect(action.enabled({ ...sound, guest: true })).toBe(false);
  expect(action.enabled({ ...sound, run: run(7, "finished") })).toBe(false);
});

test("the line tells which parameter moves furthest", () => {
  const { name, size } = greatestUpdate(batchOf(batch(7)));
  expect(name).toBe("linear_1.weight");
  expect(size).toBeCloseTo(0.02);
});
