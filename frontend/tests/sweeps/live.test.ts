import { expect, test } from "vitest";

import { LivePictures } from "../../src/sweeps/live";
import type { Picture } from "../../src/wire/frame";
import type { Listener, Stream } from "../../src/wire/stream";
import { member } from "./members";

function picture(run: string, step: number): Picture {
  const values = new Float32Array(4);
  const arrays = [{ name: "field", shape: [1, 2, 2], values }];
  return { run, probe: "", kind: "field", step, epoch: 0, meta: {}, arrays };
}

function begin() {
  const watched: [string, number][] = [];
  const left: string[] = [];
  const inspected: string[] = [];
  const told: string[] = [];
  let acknowledged = 0;
  let heard: Listener | undefined;
  let sockets = 0;
  const live = new LivePictures({
    openStream: (listener) => {
      heard = listener;
      sockets += 1;
      return {
        watch: (run: string, [probe]: { resolution: number }[]) =>
          watched.push([run, probe?.resolution ?? 0]),
        leave: (run: string) => left.push(run),
        acknowledge: (drawn: number) => (acknowledged += drawn),
        close: () => undefined,
      } as unknown as Stream;
    },
    questions: {
      inspectRun: async (run) => {
        inspected.push(run);
        return picture(run, 10);
      },
    },
    came: (run) => told.push(run),
    connection: () => undefined,
    guard: (act) => void act(),
  });
  const send = (sent: Picture) => heard?.picture(sent);
  return {
    live,
    watched,
    left,
    inspected,
    told,
    send,
    drawn: () => acknowledged,
    sockets: () => sockets,
  };
}

const MANY = Array.from({ length: 64 }, (_, at) => member(at));

test("sixty-four members are watched over one socket, each once", () => {
  const bench = begin();
  bench.live.show(MANY, null);
  bench.live.show(MANY, null);
  expect(bench.watched).toHaveLength(64);
  expect(bench.sockets()).toBe(1);
});

test("the enlarged one is watched sharper, and coarser again after that", () => {
  const bench = begin();
  bench.live.show(MANY.slice(0, 2), "run_1");
  bench.live.show(MANY.slice(0, 2), null);
  expect(bench.watched).toEqual([
    ["run_0", 32],
    ["run_1", 64],
    ["run_1", 32],
  ]);
});

test("what is no longer on the screen is left, one at its end is asked for once", async () => {
  const bench = begin();
  bench.live.show(MANY.slice(0, 2), null);
  const ended = member(1, { status: "finished" });
  bench.live.show([ended], null);
  bench.live.show([ended], null);
  await Promise.resolve();
  expect(bench.left).toEqual(["run_0", "run_1"]);
  expect(bench.inspected).toEqual(["run_1"]);
  expect(bench.live.field("run_1")).not.toBeNull();
});

test("an older picture does not take the place of a newer one", () => {
  const bench = begin();
  bench.live.show(MANY, null);
  bench.send(picture("run_0", 20));
  const newest = bench.live.field("run_0");
  bench.send(picture("run_0", 5));
  expect(bench.live.field("run_0")).toBe(newest);
  expect(bench.told).toEqual(["run_0"]);
});

test("only what was drawn is confirmed", () => {
  const bench = begin();
  bench.live.show(MANY, null);
  bench.send(picture("run_0", 1));
  bench.send(picture("run_1", 1));
  expect(bench.drawn()).toBe(0);
  bench.live.drawn();
  bench.live.drawn();
  expect(bench.drawn()).toBe(2);
});

test("what could not be had at the end is asked for again, three times at most", async () => {
  let asked = 0;
  const live = new LivePictures({
    openStream: () => ({}) as Stream,
    questions: {
      inspectRun: () => {
        asked += 1;
        return Promise.reject(new Error("not yet"));
      },
    },
    came: () => undefined,
    connection: () => undefined,
    guard: (act) => void act().catch(() => undefined),
  });
  for (let look = 0; look < 6; look++) {
    live.show([member(0, { status: "finished" })], null);
    await Promise.resolve();
    await Promise.resolve();
  }
  expect(asked).toBe(3);
});
