import type { Api } from "./api";
import type { Picture } from "./frame";
import type { Document } from "./plan";
import { type Clock, systemClock } from "./stream";
import type { Probe } from "./types";

// Questions would take all of a browser's connections, and Play needs one.
const MOST_AT_ONCE = 4;
const FIRST_WAIT_S = 2;
const LONGEST_WAIT_S = 8;
const PAUSE_MS = 250;
const SECOND_MS = 1_000;

interface Question {
  ask(seconds: number): Promise<Picture | null>;
  answer(picture: Picture): void;
  fail(reason: unknown): void;
  signal: AbortSignal | undefined;
}

/**
 * Questions to the workers. Until the first of them is known to be warm, one is asked at a time,
 * and again until it is answered; then the others follow.
 */
export class Questions {
  private readonly line: Question[] = [];
  private underWay = 0;
  private awake = false;
  private wait = FIRST_WAIT_S;
  private stopCounting: (() => void) | null = null;

  /** `waking` is told each second how long a worker has been waited for, and null at the end. */
  constructor(
    private readonly api: Pick<Api, "inspect" | "inspectRun">,
    private readonly waking: (seconds: number | null) => void,
    private readonly clock: Clock = systemClock,
  ) {}

  inspect(document: Document, probe: Probe, signal?: AbortSignal): Promise<Picture> {
    return this.stand((seconds) => this.api.inspect(document, probe, seconds, signal), signal);
  }

  /** Of the newest kept state at or before `step`, else of now. */
  inspectRun(run: string, probe: Probe, step?: number): Promise<Picture> {
    return this.stand((seconds) => this.api.inspectRun(run, probe, seconds, step));
  }

  private stand(ask: Question["ask"], signal?: AbortSignal): Promise<Picture> {
    return new Promise((answer, fail) => {
      this.line.push({ ask, answer, fail, signal });
      this.advance();
    });
  }

  private advance(): void {
    const most = this.awake ? MOST_AT_ONCE : 1;
    while (this.underWay < most) {
      const next = this.line.shift();
      if (!next) break;
      if (next.signal?.aborted) next.fail(next.signal.reason);
      else void this.put(next);
    }
    if (this.awake || !this.underWay) this.endCount();
    else if (!this.stopCounting) this.count(1);
  }

  private async put(question: Question): Promise<void> {
    this.underWay += 1;
    try {
      const picture = await question.ask(this.wait);
      if (picture) this.take(question, picture);
      else await this.holdBack(question);
    } catch (reason) {
      question.fail(reason);
    }
    this.underWay -= 1;
    this.advance();
  }

  private take(question: Question, picture: Picture): void {
    this.awake = true;
    this.wait = FIRST_WAIT_S;
    question.answer(picture);
  }

  private async holdBack(question: Question): Promise<void> {
    this.awake = false;
    this.wait = Math.min(LONGEST_WAIT_S, this.wait + 1);
    this.line.unshift(question);
    await new Promise<void>((goOn) => this.clock.after(PAUSE_MS, goOn));
  }

  private count(seconds: number): void {
    this.stopCounting = this.clock.after(SECOND_MS, () => {
      this.waking(seconds);
      this.count(seconds + 1);
    });
  }

  private endCount(): void {
    if (!this.stopCounting) return;
    this.stopCounting();
    this.stopCounting = null;
    this.waking(null);
  }
}
