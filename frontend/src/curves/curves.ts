import { Observable } from "../observable";
import type { Session } from "../page/session";
import type { Mark, Run } from "../run/run";
import { Series } from "../run/series";
import { Guess, type Place } from "./guess";
import { type Gauge, gaugesOf, mainGauges } from "./gauges";
import { type Curve, type Owner } from "./lines";
import { SMOOTHINGS } from "./smoothing";

/** A stretch of steps, both ends included. */
export interface Stretch {
  from: number;
  to: number;
}

/** A run whose curves lie over those of the run on show, and what it is called. */
export interface Laid {
  run: Run;
  name: string;
}

/** How the curves are looked at; the points themselves stay with their runs. */
export interface CurvesView {
  /** Which of the steps of smoothing is chosen. */
  smoothing: number;
  zoom: Stretch | null;
  /** The step that is read off. */
  reading: number | null;
  /** A run before this one is known. */
  hasBefore: boolean;
  beforeShown: boolean;
  laid: Laid | null;
  guess: Guess | null;
}

/** One value of the chart at a step. */
export interface Reading {
  owner: Owner;
  gauge: Gauge;
  value: number;
}

const LONGEST_GUESS = 2_000;
const NARROWEST = 4;
// A mark this share of the visible steps away is still pointed at.
const NEAR = 0.02;

/** What the chart knows beyond the run on show: the run before it, a guess, where one looks. */
export class Curves {
  readonly view = new Observable<CurvesView>({
    smoothing: 0,
    zoom: null,
    reading: null,
    hasBefore: false,
    beforeShown: true,
    laid: null,
    guess: null,
  });
  /** Pictures of a step while the pointer is held on the curve; null lets go. */
  onHold: (step: number | null) => void = () => undefined;
  /** The curves of the run in lockstep, where there is one. */
  beside: Curve = () => undefined;
  private before: { run: Run; title: string } | null = null;
  private title = "";

  constructor(private readonly session: Session) {
    session.attendance.onLeave((run) => this.keep(run));
    session.state.subscribe((state) => {
      const fits = this.before?.title === state.title && this.before.run.view.id !== state.run?.id;
      if (fits !== this.view.value.hasBefore) this.change({ hasBefore: fits });
      if (this.title !== state.title) this.change({ guess: null, zoom: null, laid: null });
      if (this.view.value.laid?.run.view.id === state.run?.id) this.change({ laid: null });
      this.title = state.title;
    });
  }

  curve(owner: Owner): Curve {
    if (owner === "guess") return () => this.guessed();
    if (owner === "beside") return (name) => this.beside(name);
    if (owner === "laid") return (name) => this.view.value.laid?.run.curve(name);
    if (owner === "before") return (name) => this.before?.run.curve(name);
    return (name) => this.session.curve(name);
  }

  get marks(): readonly Mark[] {
    return this.session.timeline.marks.filter(({ kind }) => kind !== "checkpoint");
  }

  /** What is drawn of the plan on show. */
  get gauges(): readonly Gauge[] {
    return gaugesOf(this.session.state.value.plan);
  }

  /** The series that stands for the run: the loss that training makes small. */
  private get first(): string {
    return mainGauges(this.session.state.value.plan)[0]?.series ?? "train/loss";
  }

  /** Whether nothing of the run on show can be drawn yet. */
  get isEmpty(): boolean {
    return !this.session.curve(this.first)?.latest;
  }

  /** How many steps the chart has room for, also before they are made. */
  get horizon(): number {
    const { hasBefore, beforeShown, guess } = this.view.value;
    const { plan } = this.session.state.value;
    if (guess) return guess.horizon;
    if (!this.isEmpty) return 1;
    const before = this.before?.run.curve(this.first)?.latest?.lastStep;
    if (hasBefore && beforeShown && before) return before;
    if (!plan?.data) return 1;
    const size = plan.data.sizes["train"] ?? 1;
    const steps = plan.train.epochs * Math.ceil(size / plan.train.batch_size);
    return Math.max(1, Math.min(LONGEST_GUESS, steps));
  }

  nextSmoothing(): void {
    this.change({ smoothing: (this.view.value.smoothing + 1) % SMOOTHINGS.length });
  }

  toggleBefore(): void {
    this.change({ beforeShown: !this.view.value.beforeShown });
  }

  /** Lays another run over this one, or takes it away. */
  lay(laid: Laid | null): void {
    this.change({ laid });
  }

  zoomTo(zoom: Stretch | null): void {
    const wide = zoom && zoom.to - zoom.from >= NARROWEST;
    this.change({ zoom: wide ? { from: Math.max(0, zoom.from), to: zoom.to } : null });
  }

  /** Looks closer at the step that is read, or from farther off, within what there is. */
  zoomBy(factor: number): void {
    const whole = { from: 0, to: this.latestStep };
    const { zoom, reading } = this.view.value;
    const now = zoom ?? whole;
    // From farther off both sides are to be seen, wherever in the window the reading stands.
    const middle = factor < 1 && reading !== null ? reading : (now.from + now.to) / 2;
    const from = Math.max(0, Math.round(middle - (middle - now.from) * factor));
    const to = Math.min(whole.to, Math.round(middle + (now.to - middle) * factor));
    if (from <= whole.from && to >= whole.to) this.change({ zoom: null });
    else if (to - from >= NARROWEST) this.zoomTo({ from, to });
  }

  read(step: number | null): void {
    const last = this.latestStep;
    this.change({ reading: step === null ? null : Math.max(0, Math.min(last, Math.round(step))) });
  }

  /** Moves what is read by a share of the visible steps. */
  readOn(share: number): void {
    const { zoom, reading } = this.view.value;
    const { from, to } = zoom ?? { from: 0, to: this.latestStep };
    const way = Math.max(1, Math.round(Math.abs(share) * (to - from))) * Math.sign(share);
    this.read(Math.max(from, Math.min(to, (reading ?? to) + way)));
  }

  /** All values at the step that is read. */
  readings(owners: readonly Owner[]): Reading[] {
    const step = this.view.value.reading;
    if (step === null) return [];
    return owners.flatMap((owner) =>
      this.gauges.flatMap((gauge) => {
        const value = this.curve(owner)(gauge.series)?.at(step)?.mean;
        return value === undefined ? [] : [{ owner, gauge, value }];
      }),
    );
  }

  /** Marks close to the step that is read, in words. */
  told(): Mark[] {
    const { reading: step, zoom } = this.view.value;
    if (step === null) return [];
    const near = NEAR * (zoom ? zoom.to - zoom.from : this.latestStep);
    return this.marks.filter(
      (mark) => (mark.changes ?? mark.verdict) && Math.abs(mark.step - step) <= near,
    );
  }

  draw(from: Place, to: Place): void {
    const guess = this.view.value.guess ?? Guess.empty(this.horizon);
    this.change({ guess: guess.drawn(from, to) });
  }

  forgetGuess(): void {
    this.change({ guess: null });
  }

  private get latestStep(): number {
    return Math.max(1, this.session.curve(this.first)?.latest?.lastStep ?? 1);
  }

  private guessed(): Series {
    const series = new Series();
    series.points = this.view.value.guess?.points ?? [];
    return series;
  }

  private keep(run: Run): void {
    if ((run.curve(this.first)?.points.length ?? 0) < 2) return;
    this.before = { run, title: this.session.state.value.title };
    this.change({ zoom: null, reading: null });
  }

  private change(change: Partial<CurvesView>): void {
    const before = this.view.value;
    const keys = Object.keys(change) as (keyof CurvesView)[];
    if (keys.some((key) => change[key] !== before[key])) this.view.set({ ...before, ...change });
  }
}
