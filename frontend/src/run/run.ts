import type { RunRow } from "../wire/plan";
import type {
  Changes,
  Columns,
  Control,
  ControlBody,
  MetricsBody,
  RewindBody,
  RunEvent,
  Status,
  StatusBody,
  VerdictBody,
  WeightEdit,
} from "../wire/types";
import type { Stretch } from "./past";
import { readFloat, Series } from "./series";
import { type Verdict, verdictOf } from "./verdict";

/** A place on the track that a person may want to find again. */
export interface Mark {
  kind: "control" | "rewind" | "fork" | "checkpoint" | "diverged" | "verdict";
  step: number;
  /** The numbers that a control set. */
  changes?: Changes;
  /** Weights that a control set by hand. */
  weights?: readonly WeightEdit[];
  /** Why a run went back. */
  reason?: string;
  verdict?: Verdict;
}

/** What the page knows of a run at a moment. */
export interface RunView {
  id: string;
  status: Status;
  reason: string | null;
  reasonParams: Record<string, unknown>;
  /** The step at which a fork left its parent. */
  begunAt?: number;
  step: number;
  samples: number;
  elapsed: number;
  stepsPerSecond: number | null;
  changes: Changes;
  /** The newest value of each series. */
  figures: Record<string, number>;
  /** The first step at which a series was not finite. */
  divergedAt: number | null;
  /** What was found wrong with it, in the order in which it was found. */
  verdicts: readonly Verdict[];
  results: Record<string, number>;
  live: boolean;
  queueAhead: number | null;
  lastEvent: number;
  /** Runs that are trained in lockstep with it. */
  beside: readonly string[];
  /** When the service removes it, RFC 3339; null for never. */
  expiresAt: string | null;
}

const FINAL: readonly Status[] = ["finished", "failed", "stopped"];
const RATE_WINDOW_MS = 500;
const MOST_MARKS = 200;
const MOST_LOGGED = 200;

export function isFinal(status: Status): boolean {
  return FINAL.includes(status);
}

/** A run as its log tells it: events in, figures and curves out. */
export class Run {
  readonly series = new Map<string, Series>();
  readonly marks: Mark[] = [];
  /** The newest events that are no figures, oldest first. */
  readonly log: RunEvent[] = [];
  private rateFrom: { at: number; step: number } | null = null;

  constructor(public view: RunView) {}

  /** A run of which nothing is known but its row; the log tells the rest. */
  static of(row: RunRow): Run {
    return new Run({
      id: row.id,
      status: row.status,
      reason: row.reason,
      reasonParams: {},
      begunAt: row.parent_step ?? 0,
      step: row.parent_step ?? 0,
      samples: row.parent_step == null ? 0 : row.samples,
      elapsed: 0,
      stepsPerSecond: null,
      changes: row.speed ? { speed: row.speed } : {},
      figures: {},
      divergedAt: null,
      verdicts: [],
      results: readResults(row.results),
      live: false,
      queueAhead: row.queue?.ahead ?? null,
      lastEvent: 0,
      beside: row.beside ?? [],
      expiresAt: row.expires_at,
    });
  }

  /** Takes in events in the order of their numbers; `now` is the page's clock in ms. */
  apply(events: RunEvent[], now: number): void {
    for (const event of events) {
      this.take(event);
      if (event.type !== "metrics") this.log.push(event);
      if (this.log.length > MOST_LOGGED) this.log.shift();
      this.view = { ...this.view, lastEvent: event.number };
    }
    if (this.view.live) this.measure(now);
  }

  /** Takes in what the ancestors of a fork went through, the nearest first. */
  precede(past: readonly Stretch[]): void {
    const figures = { ...this.view.figures };
    for (const { until, series } of past) {
      for (const [name, columns] of Object.entries(series)) {
        this.seriesOf(name).precede(columns, until);
        const latest = this.seriesOf(name).latest;
        if (latest) figures[name] ??= latest.last;
      }
      this.mark({ kind: "fork", step: until });
    }
    this.view = { ...this.view, figures };
  }

  /** The replay is over: from here on figures are of this moment. */
  goLive(now: number): void {
    this.rateFrom = { at: now, step: this.view.step };
    this.view = { ...this.view, live: true };
  }

  setQueue(ahead: number | null): void {
    this.view = { ...this.view, queueAhead: ahead };
  }

  /** Takes in a series that was asked for as a whole. */
  fill(name: string, columns: Columns): void {
    this.seriesOf(name).add(columns);
  }

  curve(name: string): Series | undefined {
    return this.series.get(name);
  }

  private take(event: RunEvent): void {
    const body: unknown = event.body;
    if (event.type === "metrics") this.takeMetrics(body as MetricsBody);
    else if (event.type === "status") this.takeStatus(body as StatusBody);
    else if (event.type === "rewind") this.takeRewind(body as RewindBody);
    else if (event.type === "verdict") this.takeVerdict(body as VerdictBody);
    else if (event.type === "control") this.takeControl(body as ControlBody);
  }

  private takeMetrics(body: MetricsBody): void {
    const { step, samples, elapsed } = body;
    const figures = { ...this.view.figures };
    for (const [name, columns] of Object.entries(body.series ?? {})) {
      const latest = this.seriesOf(name).add(columns);
      if (latest) figures[name] = latest.last;
    }
    const broken = this.view.divergedAt ?? brokenAt(body);
    this.view = { ...this.view, step, samples, elapsed, figures, divergedAt: broken };
  }

  private takeStatus(body: StatusBody): void {
    this.rateFrom = null;
    this.view = {
      ...this.view,
      status: body.status,
      reason: body.reason ?? null,
      reasonParams: body.params ?? {},
      step: Math.max(this.view.step, body.step ?? 0),
      stepsPerSecond: null,
      results: { ...this.view.results, ...readResults(body.results) },
    };
  }

  private takeRewind(body: RewindBody): void {
    for (const series of this.series.values()) series.rewind(body.to_step);
    this.rateFrom = null;
    const broken = this.view.divergedAt ?? Infinity;
    const divergedAt = broken > body.to_step ? null : broken;
    const verdicts = this.view.verdicts.filter(({ step }) => step <= body.to_step);
    const gone = (mark: Mark): boolean => mark.kind === "verdict" && mark.step > body.to_step;
    this.marks.splice(0, this.marks.length, ...this.marks.filter((mark) => !gone(mark)));
    this.view = { ...this.view, step: body.to_step, divergedAt, verdicts };
    this.mark({ kind: "rewind", step: body.to_step, reason: body.reason });
  }

  private takeVerdict(body: VerdictBody): void {
    const verdict = verdictOf(body);
    if (!verdict) return;
    this.view = { ...this.view, verdicts: [...this.view.verdicts, verdict] };
    this.mark({ kind: "verdict", step: verdict.step, verdict });
  }

  private takeControl(body: ControlBody): void {
    const control = body.body as unknown as Control;
    if (control.action !== "set") return;
    const { weights, ...numbers } = set(control.changes);
    this.view = { ...this.view, changes: { ...this.view.changes, ...numbers } };
    const mark: Mark = { kind: "control", step: body.step, changes: numbers };
    this.mark(weights ? { ...mark, weights } : mark);
  }

  private mark(mark: Mark): void {
    const before = this.marks.at(-1);
    // A hand that drags says twenty numbers a second.
    const same = before?.step === mark.step && before.kind === mark.kind;
    if (same && subjectOf(before) === subjectOf(mark)) this.marks.pop();
    this.marks.push(mark);
    if (this.marks.length > MOST_MARKS) this.marks.shift();
  }

  private seriesOf(name: string): Series {
    const series = this.series.get(name) ?? new Series();
    this.series.set(name, series);
    return series;
  }

  private measure(now: number): void {
    const { step, status } = this.view;
    if (status !== "running") return;
    const from = this.rateFrom;
    if (!from || step < from.step) this.rateFrom = { at: now, step };
    else if (now - from.at >= RATE_WINDOW_MS) {
      const stepsPerSecond = ((step - from.step) * 1_000) / (now - from.at);
      this.view = { ...this.view, stepsPerSecond };
      this.rateFrom = { at: now, step };
    }
  }
}

function brokenAt(body: MetricsBody): number | null {
  const losses = Object.keys(body.series ?? {}).filter((name) => /^train\/(.+\/)?loss$/.test(name));
  const breaks = losses.flatMap((name) => breakOf(body.series?.[name]) ?? []);
  return breaks.length ? Math.min(...breaks) : null;
}

function breakOf(columns: Columns | undefined): number | null {
  const row = columns?.last.findIndex((value) => !Number.isFinite(readFloat(value))) ?? -1;
  return row < 0 ? null : (columns?.first_step[row] ?? null);
}

function set(changes: Changes): Changes {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value != null));
}

/** What was changed, without what it was changed to. */
function subjectOf({ changes, weights, verdict }: Mark): string {
  const names = weights?.map(({ name, index }) => `${name} ${index.join()}`) ?? [];
  const matter = verdict ? [verdict.code, String(verdict.params["layer"])] : [];
  return [...Object.keys(changes ?? {}), ...names, ...matter].join();
}

function readResults(results: RunRow["results"] | undefined): Record<string, number> {
  // Tables, such as a confusion matrix, are no figures.
  const figures = Object.entries(results ?? {}).filter(([, value]) => !Array.isArray(value));
  return Object.fromEntries(
    figures.map(([name, value]) => [name, readFloat(value as number | string)]),
  );
}
