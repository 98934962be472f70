import type { Action, Effect, Start } from "../actions/action";
import { beginRun, type Branch, forkRun } from "../draft/beginning";
import { changesBetween, withChanges } from "../draft/edits";
import { Draft } from "../draft/draft";
import { preview } from "../draft/preview";
import { Restart } from "../draft/restart";
import { History } from "../history/history";
import { Observable } from "../observable";
import { sampleProbes, wantedProbes } from "../painting/probes";
import type { Pictures } from "../painting/pictures";
import { Attendance } from "../run/attendance";
import { isFinal, type Run } from "../run/run";
import { titleOfRow } from "../runs/naming";
import { benchOf } from "../timeline/bench";
import { Timeline } from "../timeline/timeline";
import type { Language } from "../words/words";
import type { Picture } from "../wire/frame";
import { Questions } from "../wire/questions";
import type { Stream } from "../wire/stream";
import type { Document, Plan, Problem, RunRow } from "../wire/plan";
import type { Changes } from "../wire/types";
import { complaintOf } from "./complaint";
import { INITIAL, type State, UNPOINTED } from "./state";
import type { Service, Surroundings } from "./surroundings";
import { Viewing } from "./viewing";

/** The one place where state lives: effects and messages come in, state and pictures go out. */
export class Session {
  readonly state = new Observable<State>(INITIAL);
  readonly pictures: Pictures;
  readonly timeline: Timeline;
  readonly attendance: Attendance;
  private readonly viewing: Viewing;
  private readonly history = new History();
  private readonly restart = new Restart(() => void this.guard(() => this.create("run")));
  private forked: Promise<void> = Promise.resolve();
  /** Counts what was gone to: an answer that comes after one has gone on is not shown. */
  private turn = 0;
  private readonly draft: Draft;
  private readonly stream: Stream;
  private readonly api: Service;
  private readonly questions: Questions;

  constructor(private readonly around: Surroundings) {
    this.api = around.api;
    this.questions = new Questions(this.api, (wakingFor) => this.change({ wakingFor }));
    this.viewing = new Viewing({
      state: this.state,
      questions: this.questions,
      draft: () => this.draft,
      stream: () => this.stream,
      timeline: () => this.timeline,
      guard: (act) => void this.guard(act),
    });
    this.pictures = this.viewing.pictures;
    this.attendance = new Attendance({
      api: this.api,
      stream: () => this.stream,
      timeline: () => this.timeline,
      look: () => this.viewing.ask(),
      change: (change) => this.change(change),
      guard: (act) => this.guard(act),
    });
    this.timeline = new Timeline({
      ...benchOf(this.state, this.api, this.questions),
      pictures: this.pictures,
      wanted: () => this.viewing.wanted,
      guard: (act) => void this.guard(act),
      changed: (document = this.state.value.document) =>
        this.change({
          ...(this.attendance.run && this.timeline.follow(this.attendance.run)),
          document,
        }),
    });
    this.draft = new Draft(
      this.api,
      this.questions,
      (plan) => [
        ...sampleProbes(plan),
        ...(this.attendance.run ? [] : wantedProbes(plan, this.state.value)),
      ],
      {
        planned: (plan) => this.planned(plan),
        refused: (problems) => this.change({ problems, plan: this.state.value.plan }),
        outlined: (plan) => {
          this.pictures.clear();
          this.change({ plan });
        },
        picture: (picture, probe) => this.viewing.putDrafted(picture, probe),
        failed: (reason) => this.tell(reason),
      },
    );
    this.stream = around.openStream({
      events: (run, events) => this.attendance.hear(run, (own) => own.apply(events, around.now())),
      live: (run) => this.attendance.hear(run, (own) => own.goLive(around.now())),
      picture: (picture) => this.viewing.putWatched(picture),
      connection: (connection) => this.change({ connection }),
      refused: (text) => this.change({ notice: { text, request: null } }),
    });
  }

  /** Does what an action asks for, if it may be done now. */
  perform(action: Action): void {
    if (action.enabled(this.state.value)) this.carryOut(action.perform(this.state.value));
  }

  carryOut(effect: Effect): void {
    if (this.state.value.guest && !["show", "timeline"].includes(effect.do)) return;
    if (effect.do === "create") void this.guard(() => this.create(effect.start, effect.pair));
    else if (effect.do === "fork") void this.guard(() => this.fork(effect));
    else if (effect.do === "control") this.attendance.control(effect.control);
    else if (effect.do === "reset") this.reset();
    else if (effect.do === "edit") {
      // One press is no part of a series of moves.
      this.history.rest();
      this.edit(effect.document);
    } else if (effect.do === "history") this.travel(effect.by);
    else if (effect.do === "show") this.show(effect.change);
    else if (effect.do === "timeline") this.timeline.carryOut(effect.wish);
  }

  /** When all that was asked of runs has been taken. */
  get settled(): Promise<void> {
    return this.attendance.settled;
  }

  /** Opens a document as the draft, without a pause for typing. */
  open(document: Document, title: string, source: string | null = null): void {
    this.restart.cancel();
    this.turn += 1;
    this.leaveForDraft();
    this.around.go("/");
    this.pictures.clear();
    const fresh = { plan: null, problems: [], unread: false, ...UNPOINTED };
    this.change({ document, source, title, parent: null, parentStep: null, ...fresh });
    this.draft.open(document);
  }

  /** Replaces the draft, leaving a run where it is; with its `source`, from a hand that rests. */
  edit(document: Document, source?: string): void {
    if (this.state.value.guest) return;
    if (source !== undefined) this.reread(source);
    const changes = changesBetween(this.state.value.document, document);
    if (changes) return this.tune(changes);
    this.pictures.age();
    this.redraft(document, source === undefined ? undefined : 0);
  }

  /** The text on the page is no document yet; the picture stays as it was. */
  misread(problems: Problem[]): void {
    this.draft.cancel();
    this.pictures.age();
    this.change({ problems, unread: true });
  }

  /** The text reads again; what was wrong in its words is no longer. */
  reread(source: string): void {
    const { unread, problems } = this.state.value;
    this.change({ source, unread: false, problems: unread ? [] : problems });
  }

  /** Asks once more for what could not be had. */
  tryAgain(): void {
    const { run, document } = this.state.value;
    this.change({ notice: null });
    if (run) this.viewing.ask();
    if (Object.keys(document).length) this.draft.open(document);
    else void this.begin();
  }

  /** Changes numbers in place: of the draft, and of the run while there is one. */
  tune(changes: Changes): void {
    const { document, run, past, guest, beginning } = this.state.value;
    if (guest) return;
    const tuned = withChanges(document, changes);
    // A hand that moves on while its fork is made changes that one and makes no second.
    if (past && beginning) return void this.forked.then(() => this.tune(changes));
    const branch = past && { step: past.from, document: tuned };
    if (branch) return void (this.forked = this.guard(() => this.fork(branch)));
    // Numbers of the training leave the untrained net as it is, so its pictures stay whole.
    if (!run || isFinal(run.status)) return this.redraft(tuned);
    this.change({ document: tuned });
    this.attendance.control({ action: "set", changes });
  }

  /** Shows a run by its id: its curve from the log, its pictures, then live. */
  async follow(id: string): Promise<void> {
    const turn = ++this.turn;
    try {
      const row = await this.api.run(id);
      if (turn === this.turn) this.showRun(row);
    } catch (reason) {
      if (turn !== this.turn) return;
      const lost = this.around.lost(reason, id);
      if (!lost) return this.tell(reason);
      this.attendance.leave("nothing");
      this.change({ lost });
    }
  }

  /** Swaps a start code for a session; false where it was used or is too old. */
  async launch(code: string): Promise<boolean> {
    try {
      await this.api.launch(code);
      return true;
    } catch (reason) {
      this.change({ launchFailed: true });
      this.tell(reason);
      return false;
    }
  }

  /** The first look: presets, and the first of them as the draft. */
  async begin(): Promise<void> {
    await this.listPresets();
    this.openFirst();
  }

  /** The page without a run: the draft that is there, else the first preset. */
  openFirst(): void {
    this.attendance.leave("nothing");
    const { document, source, title, presets } = this.state.value;
    const first = presets[0];
    if (Object.keys(document).length) this.open(document, title, source);
    else if (first) this.open(first.document, first.name);
  }

  /** Learns the service's own words; problems on show are said again in them. */
  async learn(language: Language): Promise<void> {
    await this.guard(async () => this.change({ sentences: await this.api.words(language) }));
    const { problems, document, unread } = this.state.value;
    if (problems.length && !unread) this.draft.open(document);
  }

  async listPresets(): Promise<void> {
    await this.guard(async () => this.change({ presets: await this.api.presets() }));
  }

  /** Changes what is looked at; the pictures it needs are asked for. */
  show(change: Partial<State>): void {
    this.viewing.around(() => this.change(change));
  }

  /** The series of the run on show. */
  curve(name: string): ReturnType<Run["curve"]> {
    return this.attendance.run?.curve(name);
  }

  /** The screen shows all that arrived; the service may send more. */
  drawn(): void {
    this.viewing.drawn();
  }

  /** The first points of a data set, for its tile; null where the service cannot say. */
  previewOf(dataset: string, points: number): Promise<Picture | null> {
    return preview(dataset, points, this.questions);
  }

  private travel(by: -1 | 1): void {
    const page = this.history.go(by);
    if (!page) return;
    this.change({ title: page.title });
    this.edit(page.document);
  }

  private async create(start: Start, pair: Document | null = null): Promise<void> {
    this.restart.cancel();
    this.change({ beginning: true, notice: null });
    this.begun(await beginRun(this.around, this.state.value, start, this.viewing.wanted, pair));
  }

  private async fork(branch: Branch): Promise<void> {
    const { run } = this.state.value;
    if (!run) return;
    this.change({ beginning: true, notice: null });
    const parent = (branch.step !== null && this.timeline.keeperAt(branch.step)) || run.id;
    this.begun(await forkRun(this.around, this.state.value, parent, branch, this.viewing.wanted));
  }

  private begun(row: RunRow): void {
    this.turn += 1;
    this.attendance.leave("nothing");
    this.around.go(`/runs/${row.id}`);
    this.change({ document: row.document, beginning: false, parent: null, parentStep: null });
    this.attendance.take(row);
  }

  private showRun(row: RunRow): void {
    if (this.attendance.run?.view.id === row.id) return;
    this.attendance.leave("nothing");
    this.pictures.clear();
    this.history.forget();
    const { document, source, plan = null } = row;
    const title = titleOfRow(row, this.state.value.presets);
    const fresh = { problems: [], parent: null, parentStep: null, ...UNPOINTED };
    this.change({ document, source, title, plan, ...fresh });
    this.attendance.take(row);
    if (!this.state.value.guest) this.draft.open(row.document);
    // The same points as the run's own: who reads by a link may not ask about drafts.
    else if (plan) this.viewing.inspect(row.id, sampleProbes(plan));
  }

  private redraft(document: Document, pause?: number): void {
    const { past, run } = this.state.value;
    const parent = past && this.timeline.keeperAt(past.from);
    if (run) this.change({ parent: parent ?? run.id, parentStep: past?.from ?? null });
    this.leaveForDraft();
    // What was edited in the past is a fork, which waits for Play.
    this.restart.edited(past ? null : run);
    this.change({ document, unread: false, notice: null, struck: null });
    this.draft.edit(document, pause);
  }

  private reset(): void {
    const { document, title } = this.state.value;
    this.attendance.leave("stop");
    this.change({ document, title, parent: null, parentStep: null });
    this.draft.open(document);
    this.around.go("/");
  }

  /** What is trained rests, and the page stands at the draft's own address. */
  private leaveForDraft(): void {
    if (!this.attendance.run) return;
    this.attendance.leave("pause");
    this.around.go("/");
  }

  private planned(plan: Plan): void {
    const known = this.state.value.plan !== null;
    this.change({ plan, problems: [], notice: null });
    if (this.attendance.run && !known) this.viewing.ask();
    this.restart.planned();
  }

  private change(change: Partial<State>): void {
    const { document, title = this.state.value.title } = change;
    const taken = document && this.history.take({ document, title }, this.around.now());
    this.state.update((state) => ({ ...state, ...change, ...taken }));
  }

  async guard(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (reason) {
      this.tell(reason);
    }
  }

  private tell(reason: unknown): void {
    const { problems, ...notice } = complaintOf(reason);
    this.change({ beginning: false, notice });
    if (problems.length && !this.state.value.run) this.change({ problems });
  }
}
