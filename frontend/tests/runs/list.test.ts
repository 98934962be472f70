import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { RunList } from "../../src/runs/list";
import { Refused } from "../../src/wire/api";
import type { RunRow } from "../../src/wire/plan";
import type { Listener, Stream } from "../../src/wire/stream";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function row(id: string, status = "finished"): RunRow {
  return {
    id,
    status,
    name: id,
    tags: [],
    last_event: 3,
    latest: {},
    document: {},
  } as unknown as RunRow;
}

function begin(pages: { runs: RunRow[]; next: string | null }[]) {
  const asked: string[] = [];
  const removed: string[] = [];
  const followed: [string, number?][] = [];
  const addresses: string[] = [];
  const states: string[] = [];
  let heard: Listener | undefined;
  let refuse = false;
  const api = {
    async runs(query: URLSearchParams) {
      asked.push(query.toString());
      if (refuse) throw new Refused(503, [], "7f", "The database is away.");
      return pages.shift() ?? { runs: [], next: null };
    },
    run: async (id: string) => row(id, states.shift()),
    metrics: async () => ({}),
    change: async (id: string, patch: Partial<RunRow>) => ({ ...row(id), ...patch }),
    remove: async (id: string) => void removed.push(id),
    control: async () => undefined,
  };
  const openStream = (listener: Listener): Stream => {
    heard = listener;
    return {
      follow: (id: string, after: number) => followed.push([id, after]),
      leave: () => undefined,
      close: () => undefined,
    } as unknown as Stream;
  };
  const go = (address: string) => void addresses.push(address);
  const list = new RunList({ api: api as never, openStream, go });
  const fail = () => (refuse = true);
  return { list, asked, removed, followed, addresses, states, heard: () => heard, fail };
}

test("pages follow one another, and only living runs are followed", async () => {
  const bench = begin([
    { runs: [row("a"), row("b", "running")], next: "cursor" },
    { runs: [row("c")], next: null },
  ]);
  await bench.list.open(new URLSearchParams("status=paused"));
  await bench.list.more();
  await bench.list.more();
  expect(bench.list.state.value.rows?.map(({ id }) => id)).toEqual(["a", "b", "c"]);
  expect(bench.asked).toEqual(["status=paused&limit=50", "status=paused&limit=50&cursor=cursor"]);
  expect(new Set(bench.followed.map(([id]) => id))).toEqual(new Set(["b"]));
});

test("events of a moment are taken in at once", async () => {
  const bench = begin([{ runs: [row("b", "running")], next: null }]);
  await bench.list.open(new URLSearchParams());
  const body = { status: "paused", step: 7 };
  bench.heard()?.events("b", [{ run: "b", number: 4, type: "status", epoch: 1, at: "", body }]);
  expect(bench.list.state.value.rows?.[0]?.status).toBe("running");
  await vi.advanceTimersByTimeAsync(300);
  expect(bench.list.state.value.rows?.[0]?.status).toBe("paused");
});

test("what is changed in a row shows, and what is removed is gone", async () => {
  const bench = begin([{ runs: [row("a"), row("b")], next: null }]);
  await bench.list.open(new URLSearchParams());
  await bench.list.rename("a", "deeper");
  await bench.list.tag("b", ["x"]);
  bench.list.choose("b");
  await bench.list.remove("b");
  expect(bench.list.state.value.rows).toMatchObject([{ id: "a", name: "deeper" }]);
  expect(bench.list.state.value.chosen).toEqual([]);
  expect(bench.removed).toEqual(["b"]);
});

test("two are chosen at most", () => {
  const { list } = begin([]);
  for (const id of ["a", "b", "c"]) list.choose(id);
  expect(list.state.value.chosen).toEqual(["b", "c"]);
  list.choose("b");
  expect(list.state.value.chosen).toEqual(["c"]);
});

test("runs that are compared are asked for again while they train", async () => {
  const { list, states } = begin([]);
  const pair = ["a", "b"].map((letter) => `run_${letter.repeat(32)}`).join(",");
  const told = () => list.state.value.comparison?.sides.map(({ row }) => row.status);
  states.push("running", "finished", "running", "finished");
  await list.open(new URLSearchParams({ compare: pair }));
  expect(told()).toEqual(["running", "finished"]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(states).toEqual(["finished"]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(told()).toEqual(["finished", "finished"]);
  expect(vi.getTimerCount()).toBe(0);
});

test("a comparison that was left asks for nothing", async () => {
  const { list, states } = begin([]);
  const pair = ["a", "b"].map((letter) => `run_${letter.repeat(32)}`).join(",");
  states.push("running", "running", "running");
  await list.open(new URLSearchParams({ compare: pair }));
  list.close();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(states).toEqual(["running"]);
});

test("a filter is an address", () => {
  const { list, addresses } = begin([]);
  list.filter({ tag: "deep" });
  list.filter({ tag: "" });
  expect(addresses).toEqual(["/runs?tag=deep", "/runs"]);
});

test("a service that fails is told with the number of the request", async () => {
  const bench = begin([]);
  bench.fail();
  await bench.list.open(new URLSearchParams());
  expect(bench.list.state.value.notice).toEqual({ text: "The database is away.", request: "7f" });
  expect(bench.list.state.value.loading).toBe(false);
});
