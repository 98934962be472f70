import type { Wish } from "../actions/action";
import { withChanges } from "../draft/edits";
import type { Pictures } from "../painting/pictures";
import { pictureKey } from "../painting/pictures";
import type { Stretch } from "../run/past";
import type { Mark, Run, RunView } from "../run/run";
import type { Picture } from "../wire/frame";
import type { Document, Plan, RunRow } from "../wire/plan";
import type { Clock } from "../wire/stream";
import type { Probe, RunEvent, Status } from "../wire/types";
import { changesAt, type Kept, picturesAt, samplesAt, viewAt } from "./moment";
import { marksOf } from "./marks";
import { Recording } from "./recording";
import { nearest, Snapshots } from "./snapshots";

/** The moment on show when it is not the present one. */
export interface Past {
  step: number;
  /** The step of the present, where the track ends. */
  now: number;
  /** The kept step from which a change made here would go on. */
  from: number;
  playing: boolean;
}

/** What a timeline asks of the page around it. */
export interface Bench {
  pictures: Pictures;
  clock: Clock;
  plan(): Plan | null;
  wanted(): Probe[];
  inspect(run: string, probe: Probe, step: number): Promise<Picture>;
  checkpoints(run: string): Promise<{ step: number; samples: number }[]>;
  /** Does something that may fail at the service; the page says so. */
  guard(act: () => Promise<void>): void;
  document(): Document;
  /** Steps a second at which the run is wanted, 0 for no limit. */
  speed(): number;
  /** The moment has changed, and the document with it where one is given. */
  changed(document?: Document): void;
}

// A hand that rests this long wants the moment exactly.
const REST_MS = 120;

/** The moments of the run on show: which of them is looked at, and what is held of them. */
export class Timeline {
  private readonly snapshots = new Snapshots();
  private readonly recording: Recording;
  private run: Run | null = null;
  /** The run whose moments are held. */
  private held: string | null = null;
  private began: Document = {};
  private newest = 0;
  private kept: Kept[] = [];
  private step: number | null = null;
  private status: Status | null = null;
  /** The document of the present, to come back to. */
  private present: Document = {};
  private forgetRest: () => void = () => undefined;

  constructor(private readonly bench: Bench) {
    this.recording = new Recording(bench.clock, {
      next: () => this.playOn(),
      stopped: () => bench.changed(),
    });
  }

  /** Begins with a run; a fork keeps what its parent went through before it. */
  open(run: Run, row: RunRow): void {
    this.leave();
    if (row.parent_step != null && this.held === row.parent) this.snapshots.rewind(row.parent_step);
    else this.snapshots.clear();
    [this.run, this.held] = [run, row.id];
    this.began = row.document;
    this.newest = 0;
    this.status = run.view.status;
    // What has not been trained can be computed from the plan, so it needs no checkpoint.
    this.kept = row.parent_step == null ? [{ run: row.id, step: 0, samples: 0 }] : [];
    this.refresh();
  }

  /** The ancestors of a fork keep the moments before it. */
  precede(past: readonly Stretch[]): void {
    for (const { run, until } of past) this.bench.guard(() => this.learnKept(run, until));
  }

  /** What is held of the run stays until the next one shows whether it goes on from it. */
  close(): void {
    this.leave();
    this.run = null;
    this.kept = [];
  }

  /** Takes in a picture of the present, to be found again later. */
  keep(key: string, picture: Picture): void {
    if (key === "weights" && picture.run === this.run?.view.id) {
      this.snapshots.add(key, picture, this.step);
    }
  }

  /** The run went back; what lay behind that step has not happened. */
  private rewound(step: number): void {
    this.snapshots.rewind(step);
    this.kept = this.kept.filter((kept) => kept.step <= step);
    if (this.step !== null && this.step > step) this.showLive();
  }

  /** Takes in how the run goes on; answers it as it is to be shown: at the moment, else now. */
  follow(run: Run): { run: RunView; past: Past | null } {
    const now = run.view.step;
    if (now < this.newest) this.rewound(now);
    this.newest = now;
    if (run.view.status !== this.status) this.refresh();
    this.status = run.view.status;
    return this.asOf(run);
  }

  private asOf(run: Run): { run: RunView; past: Past | null } {
    const { step } = this;
    if (step === null) return { run: run.view, past: null };
    const samples = samplesAt([...this.kept, run.view], step);
    const past = { step, now: run.view.step, from: this.keptAt(step)?.step ?? 0 };
    return { run: viewAt(run, step, samples), past: { ...past, playing: this.recording.playing } };
  }

  /** What happened to the run and where it is kept, by step. */
  get marks(): Mark[] {
    return this.run ? marksOf(this.run.marks, this.kept, this.run.view.divergedAt) : [];
  }

  get log(): readonly RunEvent[] {
    return this.run?.log ?? [];
  }

  /** The steps that can be shown, in order. */
  get steps(): number[] {
    const now = this.run?.view.step ?? 0;
    const known = [...this.kept.map(({ step }) => step), ...this.snapshots.steps];
    return [...new Set(known)].filter((step) => step <= now).sort((a, b) => a - b);
  }

  /** Shows the moment nearest to a step, coarsely at once and exactly after a rest. */
  showAt(step: number): void {
    this.recording.stop();
    this.show(step);
  }

  /** Goes `count` snapshots back or on; beyond the last one is the present. */
  move(count: number): void {
    const { steps } = this;
    const here = this.step === null ? steps.length : steps.indexOf(this.step);
    const target = steps[Math.max(0, here + count)];
    if (target === undefined) this.showLive();
    else this.showAt(target);
  }

  showLive(): void {
    if (this.step === null) return;
    this.leave();
    this.bench.changed(this.present);
  }

  carryOut(wish: Wish): void {
    if (wish === "live") this.showLive();
    else this.play();
  }

  /** Plays the moments from this one on as they came, or holds still. */
  private play(): void {
    if (this.step === null) return;
    if (this.recording.playing) this.recording.stop();
    else this.recording.start(this.bench.speed());
    this.bench.changed();
  }

  /** The run, of this one and its ancestors, that keeps the state of a step. */
  keeperAt(step: number): string | undefined {
    return this.keptAt(step)?.run ?? this.run?.view.id;
  }

  /** Asks for what the moment lacks, as after another view was chosen. */
  look(): void {
    if (this.step !== null) this.show(this.step);
  }

  private show(step: number): void {
    const found = nearest(this.steps, step);
    if (found === undefined) return;
    if (this.step === found) return this.draw(found);
    if (this.step === null) this.enter();
    this.step = found;
    this.draw(found);
    this.bench.changed(this.documentAt(found));
  }

  private enter(): void {
    this.present = this.bench.document();
    this.refresh();
  }

  /** What was written when the run was there: its own document with what was changed by then. */
  private documentAt(step: number): Document {
    return this.run ? withChanges(this.began, changesAt(this.run, step)) : this.began;
  }

  /** Draws the nearest snapshot held, and asks for what is missing once the hand rests. */
  private draw(step: number): void {
    this.forgetRest();
    const plan = this.bench.plan();
    const held = this.snapshots.nearest(step);
    if (!plan) return;
    const shown = held ? picturesAt(held, plan, this.bench.wanted()) : null;
    const complete = shown !== null && shown.missing.length === 0;
    this.bench.pictures.showPast(shown?.pictures ?? new Map(), !complete);
    if (complete && held?.step === step) return;
    const wanted = held?.step === step && shown ? shown.missing : this.needed();
    this.forgetRest = this.bench.clock.after(REST_MS, () => this.ask(step, wanted));
  }

  /** The weights first: where all else follows from them, nothing more needs to be asked. */
  private needed(): Probe[] {
    const wanted = this.bench.wanted();
    const weights = wanted.filter(({ kind }) => kind === "weights");
    return weights.length ? weights : wanted;
  }

  private ask(step: number, probes: readonly Probe[]): void {
    const run = this.keeperAt(step);
    if (run === undefined) return;
    for (const probe of probes) this.bench.guard(() => this.fetch(run, step, probe));
  }

  private async fetch(run: string, step: number, probe: Probe): Promise<void> {
    const own = this.run;
    const picture = await this.bench.inspect(run, probe, step);
    if (this.step === null || this.run !== own) return;
    this.snapshots.add(pictureKey(probe), picture, this.step);
    // What was kept of a step may have been thinned out since: then the one before it answers.
    if (picture.step !== step) this.kept = this.kept.filter((kept) => kept.step !== step);
    if (this.step === step) this.show(picture.step);
  }

  private refresh(): void {
    const run = this.run?.view.id;
    if (run !== undefined) this.bench.guard(() => this.learnKept(run, Infinity));
  }

  /** Learns which steps of a run are kept, of an ancestor up to where its child left it. */
  private async learnKept(run: string, until: number): Promise<void> {
    const own = this.run?.view.id;
    const found = await this.bench.checkpoints(run);
    if (own === undefined || this.run?.view.id !== own) return;
    const others = this.kept.filter((kept) => kept.run !== run || kept.step === 0);
    const rows = found.filter(({ step }) => step <= until).map((row) => ({ run, ...row }));
    this.kept = [...others, ...rows].sort((a, b) => a.step - b.step);
    this.bench.changed();
  }

  private keptAt(step: number): Kept | undefined {
    return this.kept.findLast((kept) => kept.step <= step);
  }

  /** The next moment of the recording; the present ends it. */
  private playOn(): number | null {
    const next = this.steps.find((step) => step > (this.step ?? Infinity));
    if (next === undefined) {
      this.showLive();
      return null;
    }
    const before = this.step ?? next;
    this.show(next);
    return next - before;
  }

  private leave(): void {
    this.recording.stop();
    this.forgetRest();
    this.step = null;
    this.bench.pictures.showPast(null, false);
  }
}
