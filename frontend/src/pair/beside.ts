import type { Action, Effect } from "../actions/action";
import { Observable } from "../observable";
import type { Stage } from "../page/stage";
import type { State } from "../page/state";
import { pictureKey, Pictures, sentKey } from "../painting/pictures";
import { wantedProbes } from "../painting/probes";
import { isFinal, Run } from "../run/run";
import type { Api } from "../wire/api";
import type { Picture } from "../wire/frame";
import type { Document, RunRow } from "../wire/plan";
import { Questions } from "../wire/questions";
import type { Listener, Stream } from "../wire/stream";
import type { Changes, Probe } from "../wire/types";
import { changedLayers } from "./changes";

/** What B needs of the service and of A. */
export interface BesideSurroundings {
  session: Stage & { guard(act: () => Promise<void>): Promise<void> };
  api: Pick<Api, "inspect" | "inspectRun">;
  openStream(listener: Listener): Stream;
  now(): number;
}

/**
 * B as long as it stands beside one A: a run with pictures, curves and a state of its own. What is
 * looked at and pointed at is common to both; what is changed is A, and B follows from it.
 */
export class Beside implements Stage {
  /** A's state with B's network, run and document in their places. */
  readonly state: Observable<State>;
  readonly pictures = new Pictures();
  /** Cards of either network that the other has not so. */
  readonly changed: ReadonlySet<string>;
  private readonly run: Run;
  private readonly stream: Stream;
  private readonly questions: Questions;
  private readonly leaveA: () => void;
  private looked = "";
  private unacknowledged = 0;

  constructor(
    private readonly around: BesideSurroundings,
    private readonly row: RunRow,
  ) {
    this.run = Run.of(row);
    const { plan } = around.session.state.value;
    this.changed = new Set(
      plan && row.plan ? [...changedLayers(plan, row.plan), ...changedLayers(row.plan, plan)] : [],
    );
    this.questions = new Questions(around.api, () => undefined);
    this.state = new Observable(this.besideA());
    this.stream = around.openStream({
      events: (_, events) => this.hear(() => this.run.apply(events, around.now())),
      live: () => this.hear(() => this.run.goLive(around.now())),
      picture: (picture) => this.put(picture),
      connection: () => undefined,
      refused: () => undefined,
    });
    this.stream.follow(row.id);
    this.leaveA = around.session.state.subscribe(() => this.tell());
    this.look();
  }

  get id(): string {
    return this.row.id;
  }

  get isOver(): boolean {
    return isFinal(this.run.view.status);
  }

  /** The track is A's: both stand at the same steps. */
  get timeline(): Stage["timeline"] {
    return this.around.session.timeline;
  }

  get settled(): Promise<void> {
    return this.around.session.settled;
  }

  curve(name: string): ReturnType<Run["curve"]> {
    return this.run.curve(name);
  }

  show(change: Partial<State>): void {
    this.around.session.show(change);
  }

  perform(action: Action): void {
    if (action.enabled(this.state.value)) this.carryOut(action.perform(this.state.value));
  }

  carryOut(effect: Effect): void {
    if (effect.do === "show") this.show(effect.change);
  }

  /* B is looked at and never edited, as a guest looks at a run. */
  edit(_: Document): void {}
  tune(_: Changes): void {}
  open(_: Document): void {}

  tryAgain(): void {
    this.around.session.tryAgain();
  }

  previewOf(dataset: string, points: number): Promise<Picture | null> {
    return this.around.session.previewOf(dataset, points);
  }

  drawn(): void {
    if (this.unacknowledged) this.stream.acknowledge(this.unacknowledged);
    this.unacknowledged = 0;
  }

  /** Lets go of the run. What is still on the screen keeps the last state of it. */
  close(): void {
    this.leaveA();
    this.stream.close();
  }

  private besideA(): State {
    const a = this.around.session.state.value;
    const { document, plan = null } = this.row;
    const own = { document, plan, run: this.run.view, guest: true, past: null, problems: [] };
    return { ...a, ...own, opened: null, handOn: null, struck: null };
  }

  private wanted(): Probe[] {
    return this.row.plan ? wantedProbes(this.row.plan, this.state.value) : [];
  }

  private look(): void {
    const probes = this.wanted();
    this.looked = JSON.stringify(probes);
    const { id, status } = this.run.view;
    if (!isFinal(status)) this.stream.watch(id, probes);
    // Who holds a paused run may have let go of it; then only a question brings its pictures.
    if (isFinal(status) || status === "paused" || status === "waiting") {
      for (const probe of probes) void this.around.session.guard(() => this.ask(probe));
    }
  }

  private async ask(probe: Probe): Promise<void> {
    this.pictures.put(await this.questions.inspectRun(this.row.id, probe), pictureKey(probe));
  }

  private put(picture: Picture): void {
    this.unacknowledged += 1;
    if (picture.run !== this.row.id) return this.drawn();
    this.pictures.put(picture, sentKey(picture));
  }

  private hear(act: () => void): void {
    const { status, live } = this.run.view;
    act();
    this.tell();
    const now = this.run.view;
    if (now.live && (!live || status !== now.status)) this.look();
  }

  private tell(): void {
    this.state.set(this.besideA());
    const { pictures } = this.around.session;
    // The points are the same for both, and only A asks for them.
    for (const key of ["samples train", "samples validation"]) {
      const points = pictures.get(key);
      if (points && this.pictures.get(key) !== points) this.pictures.lay({ [key]: points });
    }
    if (this.looked && this.looked !== JSON.stringify(this.wanted())) this.look();
  }
}
