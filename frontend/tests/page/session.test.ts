import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { backWithLess } from "../../src/actions/fork";
import { play } from "../../src/actions/play";
import { redo, undo } from "../../src/actions/history";
import { reset } from "../../src/actions/reset";
import { Session } from "../../src/page/session";
import type { Picture } from "../../src/wire/frame";
import type { Document, Plan, Preset, RunRow } from "../../src/wire/plan";
import { type Listener, type Socket, Stream } from "../../src/wire/stream";
import type {
  CheckpointPublic,
  Columns,
  Control,
  Probe,
  RunCreate,
  RunEvent,
  RunFork,
} from "../../src/wire/types";
import { SPIRAL } from "../layout/plans";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const document: Document = { spec: "nn/1", train: { optimizer: { type: "adam" } } };

/** A service that takes everything and remembers what it was asked. */
class Service {
  controls: Control[] = [];
  inspected: Probe[] = [];
  created: RunCreate[] = [];
  forked: RunFork[] = [];
  parent: string | null = null;

  plan = async (): Promise<Plan> => SPIRAL;
  words = async (): Promise<Record<string, string>> => ({});
  launch = async (): Promise<void> => undefined;
  presets = async (): Promise<Preset[]> => [{ name: "spiral", title: { en: "S" }, document }];

  async inspect(_: Document, probe: Probe): Promise<Picture> {
    this.inspected.push(probe);
    return picture(probe.kind, null);
  }

  async inspectRun(run: string, probe: Probe): Promise<Picture> {
    return picture(probe.kind, run);
  }

  async create(body: RunCreate): Promise<RunRow> {
    this.created.push(body);
    return this.run(`run_${this.created.length}`);
  }

  async fork(parent: string, body: RunFork): Promise<RunRow> {
    this.forked.push(body);
    const row = await this.run("run_fork");
    const document = body.document as Document;
    return { ...row, document, parent, parent_step: body.step ?? null, step: body.step ?? 0 };
  }

  async metrics(): Promise<Record<string, Columns>> {
    return { "train/loss": lossOf([3, 2, 1]) };
  }

  checkpoints = async (): Promise<CheckpointPublic[]> => [1, 2, 40].map(kept);

  async control(_: string, control: Control): Promise<void> {
    this.controls.push(control);
  }

  async run(id: string): Promise<RunRow> {
    return {
      id,
      name: "spiral",
      status: "queued",
      document,
      plan: SPIRAL,
      results: null,
      parent: null,
      parent_step: null,
    } as RunRow;
  }
}

function kept(step: number): CheckpointPublic {
  return { id: "", step, samples: 10 * step, kept: true, size: 1, created_at: "" };
}

function picture(kind: string, run: string | null): Picture {
  return { run, probe: "", kind, step: 0, epoch: 0, meta: {}, arrays: [] };
}

/** One point for each step from 1 on. */
function lossOf(values: (number | string)[]): Columns {
  const steps = values.map((_, index) => index + 1);
  const count = steps.map(() => 1);
  const columns = { mean: values, min: values, max: values, last: values };
  return { first_step: steps, last_step: steps, count, ...columns };
}

function begin() {
  const service = new Service();
  const said: Record<string, unknown>[] = [];
  const addresses: string[] = [];
  const socket = {
    readyState: 1,
    send: (text: string) => said.push(JSON.parse(text) as Record<string, unknown>),
    close: () => undefined,
  } as unknown as Socket;
  let heard!: Listener;
  const openStream = (listener: Listener): Stream => {
    heard = listener;
    return new Stream(() => socket, listener);
  };
  const go = (address: string): unknown => addresses.push(address);
  const sourceOf = async (_: Document, written: string | null) => written;
  const lost = (): null => null;
  const session = new Session({ api: service, openStream, now: () => 0, go, lost, sourceOf });
  return { session, service, said, addresses, tell: () => heard };
}

async function playing() {
  const bench = begin();
  await bench.session.begin();
  await vi.advanceTimersByTimeAsync(0);
  bench.session.perform(play);
  await vi.advanceTimersByTimeAsync(0);
  const body = { status: "running" };
  bench.tell().events("run_1", [event(1, "status", body)]);
  return bench;
}

function event(number: number, type: string, body: Record<string, unknown>): RunEvent {
  return { run: "run_1", number, type, epoch: 1, at: "", body };
}

async function finished() {
  const bench = await playing();
  const metrics = { step: 3, samples: 30, elapsed: 1, series: { "train/loss": lossOf([3, 2, 1]) } };
  const body = { status: "finished", step: 3 };
  bench.tell().events("run_1", [event(2, "metrics", metrics), event(3, "status", body)]);
  return bench;
}

test("the first preset is drawn from its untrained net", async () => {
  const { session, service } = begin();
  await session.begin();
  await vi.advanceTimersByTimeAsync(0);
  expect(session.state.value.title).toBe("spiral");
  expect(service.inspected.map((probe) => probe.kind).sort()).toEqual(
    ["field", "samples", "samples", "unit_fields", "weights"].sort(),
  );
  expect(service.created).toEqual([]);
});

test("a run of a preset is sent without a name, one with a title of the person's with it", async () => {
  const { session, service } = await playing();
  session.show({ title: "mine" });
  session.perform(reset);
  session.perform(play);
  await vi.advanceTimersByTimeAsync(0);
  expect(service.created.map(({ name }) => name)).toEqual([null, "mine"]);
});

test("the text as written goes with a run, and with its fork", async () => {
  const { session, service } = await playing();
  expect(service.created[0]?.source).toBeNull();
  session.show({ source: "# my notes" });
  const step = 2;
  session.carryOut({ do: "fork", step, document, start: "batch" });
  await vi.advanceTimersByTimeAsync(0);
  expect(service.forked[0]).toMatchObject({ source: "# my notes", step, start: "batch" });
  session.show({ source: "# my notes" });
  session.perform(reset);
  session.perform(play);
  await vi.advanceTimersByTimeAsync(0);
  expect(service.created[1]?.source).toBe("# my notes");
});

test("regularization set in the past is a fork at once, from what was kept", async () => {
  const { session, service } = await finished();
  await vi.advanceTimersByTimeAsync(0);
  session.timeline.showAt(2);
  session.tune({ l1: 0, l2: 0.001 });
  await vi.advanceTimersByTimeAsync(0);
  expect(service.controls).toEqual([]);
  expect(service.forked).toHaveLength(1);
  const { step, document: written } = service.forked[0] as { step: number; document: Document };
  expect(step).toBe(2);
  expect(written["train"]).toMatchObject({ l1: 0, l2: 0.001 });
});

test("a slider that moves on while its fork is made changes that fork", async () => {
  const { session, service } = await finished();
  await vi.advanceTimersByTimeAsync(0);
  session.timeline.showAt(2);
  session.tune({ learning_rate: 0.02 });
  session.tune({ learning_rate: 0.05 });
  await vi.advanceTimersByTimeAsync(0);
  expect(service.forked).toHaveLength(1);
  expect(service.controls).toEqual([{ action: "set", changes: { learning_rate: 0.05 } }]);
});

test("play creates a run, follows it and watches its pictures", async () => {
  const { session, said, addresses } = await playing();
  expect(session.state.value.run?.status).toBe("running");
  expect(addresses.at(-1)).toBe("/runs/run_1");
  const watch = said.find((message) => message["type"] === "watch");
  expect((watch?.["probes"] as Probe[]).map((probe) => probe.kind)).toEqual([
    "field",
    "unit_fields",
    "weights",
  ]);
});

test("a learning rate goes to the running run and into the document", async () => {
  const { session, service } = await playing();
  session.tune({ learning_rate: 0.5 });
  await vi.advanceTimersByTimeAsync(0);
  expect(service.controls).toEqual([{ action: "set", changes: { learning_rate: 0.5 } }]);
  expect(session.state.value.document["train"]).toEqual({
    optimizer: { type: "adam", learning_rate: 0.5 },
  });
  expect(session.state.value.run).not.toBeNull();
});

test("an edit pauses the run and makes a new draft", async () => {
  const { session, service, said, addresses } = await playing();
  session.edit({ ...document, name: "other" });
  await vi.advanceTimersByTimeAsync(200);
  expect(service.controls).toEqual([{ action: "pause" }]);
  expect(said.some((message) => message["type"] === "unsubscribe")).toBe(true);
  expect(session.state.value.run).toBeNull();
  expect(addresses.at(-1)).toBe("/");
});

test("reset ends the run and shows its document untrained", async () => {
  const { session, service } = await playing();
  session.perform(reset);
  await vi.advanceTimersByTimeAsync(0);
  expect(service.controls).toEqual([{ action: "stop" }]);
  expect(session.state.value).toMatchObject({ run: null, document });
});

test("a frame of another run is not drawn", async () => {
  const { session, tell } = await playing();
  tell().picture(picture("norms", "run_2"));
  expect(session.pictures.get("norms")).toBeUndefined();
  tell().picture(picture("norms", "run_1"));
  expect(session.pictures.get("norms")?.run).toBe("run_1");
});

test("what is pointed at asks the service for nothing", async () => {
  const { session, said } = await playing();
  const before = said.length;
  session.show({ spot: { card: "linear_1", index: 0 } });
  expect(said).toHaveLength(before);
  session.show({ mode: "gradients" });
  expect(said.at(-1)?.["type"]).toBe("watch");
});

test("the pictures of a new run are asked for as it is made", async () => {
  const { service } = await playing();
  const kinds = service.created[0]?.watch?.map((probe) => probe.kind);
  expect(kinds).toEqual(["field", "unit_fields", "weights"]);
});

test("play at the end of a run trains on from there, as long again, as one curve", async () => {
  const { session, service, addresses } = await finished();
  session.perform(play);
  await vi.advanceTimersByTimeAsync(0);
  const epochs = 2 * SPIRAL.train.epochs;
  expect(service.forked[0]).toMatchObject({ step: 3, document: { train: { epochs } } });
  expect(addresses.at(-1)).toBe("/runs/run_fork");
  expect(session.state.value.run).toMatchObject({ id: "run_fork", step: 3 });
  expect(session.curve("train/loss")?.points.map((point) => point.mean)).toEqual([3, 2, 1]);
  const forks = session.timeline.marks.filter(({ kind }) => kind === "fork");
  expect(forks.map(({ step }) => step)).toEqual([3]);
});

test("a run made from an edit knows the run it was made from", async () => {
  const { session, service } = await playing();
  session.edit({ ...document, name: "other" });
  await vi.advanceTimersByTimeAsync(200);
  session.perform(play);
  await vi.advanceTimersByTimeAsync(0);
  expect(service.created.map(({ parent }) => parent)).toEqual([null, "run_1"]);
});

test("an edit of a young run trains again by itself, as its child", async () => {
  const { session, service } = await playing();
  session.edit({ ...document, name: "other" });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(service.created.map(({ parent }) => parent)).toEqual([null, "run_1"]);
  expect(session.state.value.run?.id).toBe("run_2");
});

test("an edit of a run that trained for longer waits for Play", async () => {
  const { session, service, tell } = await playing();
  const metrics = { step: 3, samples: 30, elapsed: 11, series: {} };
  tell().events("run_1", [event(2, "metrics", metrics)]);
  session.edit({ ...document, name: "other" });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(service.created).toHaveLength(1);
  expect(session.state.value).toMatchObject({ run: null, parent: "run_1" });
});

test("edits are taken back and made again, whoever made them", async () => {
  const { session } = begin();
  await session.begin();
  session.perform(undo);
  expect(session.state.value.document).toEqual(document);
  session.edit({ ...document, name: "typed" });
  session.carryOut({ do: "edit", document: { ...document, name: "pressed" } });
  expect(session.state.value).toMatchObject({ undos: 2, redos: 0 });
  session.perform(undo);
  expect(session.state.value.document["name"]).toBe("typed");
  session.perform(undo);
  expect(session.state.value).toMatchObject({ document, undos: 0, redos: 2 });
  session.perform(redo);
  expect(session.state.value.document["name"]).toBe("typed");
});

test("a preset that is opened can be taken back with its title", async () => {
  const { session } = begin();
  await session.begin();
  session.open({ ...document, name: "moons" }, "moons");
  session.perform(undo);
  expect(session.state.value).toMatchObject({ document, title: "spiral" });
});

test("taking back a learning rate leaves the run running", async () => {
  const { session, service } = await playing();
  session.tune({ learning_rate: 0.5 });
  session.tune({ l2: 0.1 });
  session.tune({ learning_rate: 0.7 });
  session.perform(undo);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(session.state.value.run?.id).toBe("run_1");
  expect(service.controls.at(-1)).toMatchObject({ changes: { learning_rate: 0.5 } });
});

test("a lost loss leads back to the newest state before it, with a tenth of the rate", async () => {
  const { session, service, tell } = await playing();
  session.tune({ learning_rate: 5 });
  const series = { "train/loss": lossOf([1, 2, "NaN"]) };
  tell().events("run_1", [event(2, "metrics", { step: 3, samples: 30, elapsed: 1, series })]);
  await vi.advanceTimersByTimeAsync(0);
  expect(session.state.value).toMatchObject({ run: { divergedAt: 3 }, backTo: 2 });
  session.carryOut(backWithLess(session.state.value));
  await vi.advanceTimersByTimeAsync(0);
  const train = { optimizer: { learning_rate: 0.5 } };
  expect(service.forked[0]).toMatchObject({ step: 2, document: { train } });
});

/** A service whose answer about one run comes when it is told to. */
function withLate(service: Service, late: string): () => void {
  let answer = (): void => undefined;
  const told = new Promise<void>((resolve) => (answer = resolve));
  const run = service.run.bind(service);
  service.run = async (id) => {
    if (id === late) await told;
    return run(id);
  };
  return answer;
}

test("a run whose answer comes after one has gone on to another is not shown", async () => {
  const { session, service } = begin();
  const answer = withLate(service, "run_late");
  const first = session.follow("run_late");
  await session.follow("run_next");
  answer();
  await first;
  expect(session.state.value.run?.id).toBe("run_next");
});

test("nor is it shown over a draft that was opened meanwhile", async () => {
  const { session, service } = begin();
  const answer = withLate(service, "run_late");
  const first = session.follow("run_late");
  session.open(document, "spiral");
  answer();
  await first;
  expect(session.state.value.run).toBeNull();
});
