import { expect, test } from "vitest";

import { Board, isOver, stateOf } from "../../src/sweeps/board";
import { Refused } from "../../src/wire/api";
import type { Sweep } from "../../src/wire/sweeps";
import { member, SWEEP } from "./members";

function begin(states: (Sweep | Error)[]) {
  const asked: string[] = [];
  let later: (() => void) | null = null;
  const board = new Board("sweep_01", {
    sweeps: {
      sweep: async () => {
        asked.push("sweep");
        const next = states.length > 1 ? states.shift() : states[0];
        if (next instanceof Error || !next) throw next ?? new Error("none");
        return next;
      },
      members: async () => [member(0), member(1)],
      bands: async () => {
        asked.push("bands");
        return [];
      },
      control: async (_, action) => {
        asked.push(action);
        return { ...SWEEP, status: "paused" };
      },
      rename: async (_, name) => ({ ...SWEEP, name }),
      remove: async () => undefined,
    },
    run: async (id) => ({ id, plan: null }) as never,
    clock: {
      after: (_, call) => {
        later = call;
        return () => (later = null);
      },
      random: () => 0,
    },
  });
  const pass = async () => {
    later?.();
    await new Promise((done) => setTimeout(done));
  };
  return { board, asked, pass, waits: () => later !== null };
}

const OVER: Sweep = { ...SWEEP, status: "finished", counts: { finished: 6 } };

test("a sweep is looked at again until it is over", async () => {
  const bench = begin([SWEEP, SWEEP, OVER]);
  await bench.board.look();
  expect(bench.board.view.value.members).toHaveLength(2);
  expect(bench.waits()).toBe(true);
  await bench.pass();
  await bench.pass();
  expect(bench.board.view.value.sweep?.status).toBe("finished");
  expect(bench.waits()).toBe(false);
});

test("curves come with the first look, and once more at the end", async () => {
  const bench = begin([SWEEP, SWEEP, OVER]);
  await bench.board.look();
  await bench.pass();
  await bench.pass();
  expect(bench.asked.filter((what) => what === "bands")).toHaveLength(2);
});

test("nothing is asked while nobody sees the page", async () => {
  const bench = begin([SWEEP]);
  await bench.board.look();
  bench.board.rest(true);
  expect(bench.waits()).toBe(false);
  bench.board.rest(false);
  await bench.pass();
  expect(bench.waits()).toBe(true);
});

test("a service that is away is told, what is known stays, and it is asked again", async () => {
  const bench = begin([SWEEP, new Refused(503, [], "7f", "Away."), SWEEP]);
  await bench.board.look();
  await bench.pass();
  expect(bench.board.view.value.notice).toEqual({ text: "Away.", request: "7f" });
  expect(bench.board.view.value.sweep?.id).toBe("sweep_01");
  await bench.pass();
  expect(bench.board.view.value.notice).toBeNull();
});

test("a sweep that does not exist is lost and never asked for again", async () => {
  const bench = begin([new Refused(404, [], null, "Not found.")]);
  await bench.board.look();
  expect(bench.board.view.value.lost).toBe(true);
  expect(bench.waits()).toBe(false);
});

test("what is asked of a sweep shows at once", async () => {
  const bench = begin([SWEEP]);
  await bench.board.control("pause");
  expect(bench.asked[0]).toBe("pause");
});

test("a sweep is over only when none of its members trains", () => {
  expect(isOver({ ...OVER, counts: { running: 1 } })).toBe(false);
  expect(isOver(OVER)).toBe(true);
  expect(stateOf({ status: "stopped", reason: "pruned" })).toBe("pruned");
  expect(stateOf({ status: "stopped", reason: null })).toBe("stopped");
});
