import { beforeEach, expect, test } from "vitest";

import { type Clock, type Connection, type Socket, Stream } from "../../src/wire/stream";
import type { RunEvent } from "../../src/wire/types";

/** The far end of a line: what was said to it, and what it says. */
class Line implements Socket {
  binaryType: BinaryType = "blob";
  readyState = 1;
  onopen = null;
  onclose: ((event: CloseEvent) => void) | null = null;
  onmessage: ((event: MessageEvent) => void) | null = null;
  said: Record<string, unknown>[] = [];

  send(text: string): void {
    this.said.push(JSON.parse(text) as Record<string, unknown>);
  }

  close(): void {
    this.readyState = 3;
  }

  say(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) } as MessageEvent);
  }

  breakOff(): void {
    this.readyState = 3;
    this.onclose?.({} as CloseEvent);
  }

  saidOf(type: string): Record<string, unknown>[] {
    return this.said.filter((message) => message["type"] === type);
  }
}

class HandClock implements Clock {
  now = 0;
  private calls: { at: number; call: () => void }[] = [];

  after(milliseconds: number, call: () => void): () => void {
    const entry = { at: this.now + milliseconds, call };
    this.calls.push(entry);
    return () => (this.calls = this.calls.filter((other) => other !== entry));
  }

  random(): number {
    return 1;
  }

  pass(milliseconds: number): void {
    this.now += milliseconds;
    const due = this.calls.filter((entry) => entry.at <= this.now);
    this.calls = this.calls.filter((entry) => entry.at > this.now);
    for (const entry of due) entry.call();
  }
}

let lines: Line[];
let clock: HandClock;
let seen: number[];
let connections: Connection[];
let stream: Stream;

function last(): Line {
  return lines[lines.length - 1]!;
}

function events(...numbers: number[]): object {
  return { type: "events", run: "run_a", events: numbers.map(event) };
}

function event(number: number): RunEvent {
  return { run: "run_a", number, type: "metrics", epoch: 1, at: "", body: {} };
}

beforeEach(() => {
  lines = [];
  clock = new HandClock();
  seen = [];
  connections = [];
  const listener = {
    events: (_: string, arrived: RunEvent[]) => seen.push(...arrived.map(({ number }) => number)),
    live: () => undefined,
    picture: () => undefined,
    connection: (connection: Connection) => connections.push(connection),
    refused: () => undefined,
  };
  const open = (): Socket => {
    lines.push(new Line());
    return last();
  };
  stream = new Stream(open, listener, clock);
  stream.follow("run_a");
  last().say({ type: "ready", protocol: "gradus.v1" });
});

test("a run is asked for from its cursor once the service is ready", () => {
  expect(last().saidOf("subscribe").at(-1)).toEqual({ type: "subscribe", run: "run_a", after: 0 });
});

test("an event that comes twice is passed on once", () => {
  last().say(events(1, 2));
  last().say(events(2, 3));
  expect(seen).toEqual([1, 2, 3]);
});

test("a gap is not passed on but asked for, once", () => {
  last().say(events(1));
  last().say(events(4));
  last().say(events(5));
  expect(seen).toEqual([1]);
  expect(
    last()
      .saidOf("subscribe")
      .filter(({ after }) => after === 1),
  ).toHaveLength(1);
  last().say(events(2, 3, 4, 5));
  expect(seen).toEqual([1, 2, 3, 4, 5]);
});

test("after a break the stream goes on behind the last event and watches again", () => {
  stream.watch("run_a", [{ kind: "weights" }]);
  last().say(events(1, 2, 3));
  last().breakOff();
  clock.pass(300);
  last().say({ type: "ready", protocol: "gradus.v1" });
  expect(lines).toHaveLength(2);
  expect(last().said).toEqual([
    { type: "subscribe", run: "run_a", after: 3 },
    { type: "watch", run: "run_a", probes: [{ kind: "weights" }] },
  ]);
});

test("a short break is not spoken of, a long one is", () => {
  last().breakOff();
  clock.pass(300);
  last().say({ type: "ready", protocol: "gradus.v1" });
  clock.pass(20_000);
  expect(connections).toEqual(["open", "open"]);
  last().breakOff();
  clock.pass(1_500);
  clock.pass(15_000);
  expect(connections.slice(2)).toEqual(["reconnecting", "offline"]);
});

test("attempts grow rarer up to eight seconds", () => {
  for (const wait of [250, 500, 1_000, 2_000, 4_000, 8_000, 8_000]) {
    const before = lines.length;
    last().breakOff();
    clock.pass(wait - 1);
    expect(lines).toHaveLength(before);
    clock.pass(1);
    expect(lines).toHaveLength(before + 1);
  }
});

test("drawn frames are counted for one connection", () => {
  stream.acknowledge(2);
  stream.acknowledge(1);
  expect(last().saidOf("ack")).toEqual([
    { type: "ack", frames: 2 },
    { type: "ack", frames: 3 },
  ]);
  last().breakOff();
  clock.pass(300);
  last().say({ type: "ready", protocol: "gradus.v1" });
  stream.acknowledge(1);
  expect(last().saidOf("ack")).toEqual([{ type: "ack", frames: 1 }]);
});

test("what comes of a run that was left is dropped", () => {
  stream.leave("run_a");
  last().say(events(1));
  expect(seen).toEqual([]);
});

test("who follows another run during a break opens one line, not two", () => {
  last().breakOff();
  stream.follow("run_b");
  clock.pass(10_000);
  expect(lines).toHaveLength(2);
});
