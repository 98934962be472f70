import type { Effect } from "../actions/action";
import { Observable } from "../observable";
import type { Session } from "../page/session";
import type { State } from "../page/state";
import { pictureKey, Pictures } from "../painting/pictures";
import { wantedProbes } from "../painting/probes";
import { isFinal, Run } from "../run/run";
import type { Api } from "../wire/api";
import type { Picture } from "../wire/frame";
import type { RunRow } from "../wire/plan";
import type { Listener, Stream } from "../wire/stream";
import { changedLayers } from "./changes";

/** What B needs of the service and of A's session. */
export interface PairSurroundings {
  session: Pick<Session, "state" | "show" | "carryOut" | "follow" | "pictures">;
  api: Pick<Api, "run" | "control" | "inspectRun">;
  openStream(listener: Listener): Stream;
  now(): number;
}

/**
 * B beside A: a second run of the same job, with pictures, curves and a state of its own. Where it
 * differs from A it answers for itself; what is looked at and pointed at is common to both.
 */
export class Pair {
  /** A's state with B's network, run and document in their places; null while there is no B. */
  readonly state = new Observable<State | null>(null);
  readonly pictures = new Pictures();
  /** Cards of either network that the other has not so. */
  changed: ReadonlySet<string> = new Set();
  private row: RunRow | null = null;
  private run: Run | null = null;
  private stream: Stream | null = null;
  private wanted: string | null = null;
  private unacknowledged = 0;

  constructor(private readonly around: PairSurroundings) {
    around.session.state.subscribe((state) => this.followA(state));
  }

  get isOn(): boolean {
    return this.run !== null;
  }

  curve(name: string): ReturnType<Run["curve"]> {
    return this.run?.curve(name);
  }

  get marks(): Run["marks"] {
    return this.run?.marks ?? [];
  }

  /** What is looked at is one thing for both. */
  show(change: Partial<State>): void {
    this.around.session.show(change);
  }

  /** Controls of B alone; whatever concerns both is said to A. */
  carryOut(effect: Effect): void {
    const run = this.run;
    if (run && effect.do === "control") void this.around.api.control(run.view.id, effect.control);
  }

  get settled(): Promise<void> {
    return Promise.resolve();
  }

  drawn(): void {
    if (this.unacknowledged) this.stream?.acknowledge(this.unacknowledged);
    this.unacknowledged = 0;
  }

  /** B is what is wanted: A ends, and B is the run on show. */
  async keepB(): Promise<void> {
    const id = this.run?.view.id;
    const a = this.around.session.state.value.run;
    if (!id) return;
    if (a && !isFinal(a.status)) await this.around.api.control(a.id, { action: "stop" });
    this.end();
    await this.around.session.follow(id);
  }

  /** A was better: B ends, and A goes on alone. */
  async keepA(): Promise<void> {
    const run = this.run?.view;
    if (run && !isFinal(run.status)) await this.around.api.control(run.id, { action: "stop" });
    this.end();
  }

  private followA(state: State): void {
    const beside = state.run?.beside[0] ?? null;
    if (beside !== this.wanted) {
      this.wanted = beside;
      this.end();
      if (beside) void this.begin(beside);
    } else this.tell();
  }

  private async begin(id: string): Promise<void> {
    const row = await this.around.api.run(id);
    if (this.wanted !== id || row.status === "stopped") return;
    this.row = row;
    this.run = Run.of(row);
    const plan = this.around.session.state.value.plan;
    if (plan && row.plan) {
      this.changed = new Set([...changedLayers(plan, row.plan), ...changedLayers(row.plan, plan)]);
    }
    this.stream = this.around.openStream({
      events: (_, events) => this.with((run) => run.apply(events, this.around.now())),
      live: () => this.with((run) => run.goLive(this.around.now())),
      picture: (picture) => this.put(picture),
      connection: () => undefined,
      refused: () => undefined,
    });
    this.stream.follow(id);
    this.tell();
    this.look();
  }

  private look(): void {
    const { row, run, stream } = this;
    if (!row?.plan || !run || !stream) return;
    const { mode, sample, own, choice, visible } = this.around.session.state.value;
    const probes = wantedProbes(row.plan, { mode, sample, own, choice, struck: null, visible });
    if (!isFinal(run.view.status)) stream.watch(run.view.id, probes);
    else for (const probe of probes) void this.ask(run.view.id, probe);
  }

  private async ask(id: string, probe: ReturnType<typeof wantedProbes>[number]): Promise<void> {
    const picture = await this.around.api.inspectRun(id, probe, 2);
    if (picture && this.run?.view.id === id) this.pictures.put(picture, pictureKey(probe));
  }

  private put(picture: Picture): void {
    this.unacknowledged += 1;
    if (picture.run !== this.run?.view.id) return this.drawn();
    const layer = picture.meta["layer"];
    const key = picture.kind === "kernels" ? `kernels ${String(layer)}` : picture.kind;
    this.pictures.put(picture, key);
  }

  private with(act: (run: Run) => void): void {
    if (!this.run) return;
    act(this.run);
    this.tell();
  }

  private tell(): void {
    const { row, run } = this;
    if (!row || !run) return this.state.set(null);
    const before = this.state.value;
    const a = this.around.session.state.value;
    const plan = row.plan ?? null;
    // What is changed is A; B follows from it, so its cards are only looked at.
    this.state.set({ ...a, plan, document: row.document, run: run.view, guest: true });
    for (const key of ["samples train", "samples validation"]) {
      const points = this.around.session.pictures.get(key);
      if (points && this.pictures.get(key) !== points) this.pictures.lay({ [key]: points });
    }
    if (before && (before.mode !== a.mode || before.sample !== a.sample)) this.look();
  }

  private end(): void {
    this.stream?.close();
    this.stream = null;
    this.row = null;
    this.run = null;
    this.changed = new Set();
    this.pictures.clear();
    this.state.set(null);
  }
}
