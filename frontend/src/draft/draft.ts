import { type Api, Refused, Unreachable } from "../wire/api";
import type { Questions } from "../wire/questions";
import type { Picture } from "../wire/frame";
import type { Document, Plan, Problem } from "../wire/plan";
import type { Probe } from "../wire/types";
import { isEmpty, outlined, outliningDocument } from "./empty";

/** What a draft tells the page. */
export interface DraftListener {
  planned(plan: Plan): void;
  refused(problems: Problem[]): void;
  /** Nothing stands between input and output yet; the plan knows the data and no layer. */
  outlined(plan: Plan): void;
  picture(picture: Picture, probe: Probe): void;
  failed(reason: unknown): void;
}

const TYPING_PAUSE_MS = 150;

/** Plans a document and asks for the pictures of its untrained net; the newest edit wins. */
export class Draft {
  private round: AbortController | null = null;

  constructor(
    private readonly api: Pick<Api, "plan">,
    private readonly questions: Pick<Questions, "inspect">,
    private readonly probesOf: (plan: Plan) => Probe[],
    private readonly listener: DraftListener,
    private readonly pause = TYPING_PAUSE_MS,
  ) {}

  /** Takes an edit; the service is asked once the hand rests. */
  edit(document: Document, pause = this.pause): void {
    this.start(document, pause);
  }

  /** Takes a document that is not being typed, so that nothing needs to be waited for. */
  open(document: Document): void {
    this.start(document, 0);
  }

  /** Asks again for pictures, the plan being known. */
  look(document: Document, probes: readonly Probe[]): void {
    const signal = (this.round ??= new AbortController()).signal;
    void this.inspectAll(document, probes, signal);
  }

  cancel(): void {
    this.round?.abort();
    this.round = null;
  }

  private start(document: Document, pause: number): void {
    this.cancel();
    this.round = new AbortController();
    const { signal } = this.round;
    setTimeout(() => void this.ask(document, signal), pause);
  }

  private async ask(document: Document, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    try {
      if (isEmpty(document)) return await this.outline(document, signal);
      const plan = await this.api.plan(document, signal);
      if (signal.aborted) return;
      this.listener.planned(plan);
      await this.inspectAll(document, this.probesOf(plan), signal);
    } catch (reason) {
      this.tell(reason, signal);
    }
  }

  /** Shows what the data are, and then what a service says of a net without layers. */
  private async outline(document: Document, signal: AbortSignal): Promise<void> {
    const outlining = outliningDocument(document);
    const plan = outlined(await this.api.plan(outlining, signal));
    if (signal.aborted) return;
    this.listener.outlined(plan);
    await this.inspectAll(outlining, this.probesOf(plan), signal);
    await this.api.plan(document, signal);
  }

  private async inspectAll(
    document: Document,
    probes: readonly Probe[],
    signal: AbortSignal,
  ): Promise<void> {
    await Promise.all(probes.map((probe) => this.inspect(document, probe, signal)));
  }

  private async inspect(document: Document, probe: Probe, signal: AbortSignal): Promise<void> {
    try {
      const picture = await this.questions.inspect(document, probe, signal);
      if (!signal.aborted) this.listener.picture(picture, probe);
    } catch (reason) {
      this.tell(reason, signal);
    }
  }

  private tell(reason: unknown, signal: AbortSignal): void {
    if (signal.aborted) return;
    if (reason instanceof Refused && reason.problems.length) {
      this.listener.refused(reason.problems);
    } else if (reason instanceof Refused || reason instanceof Unreachable) {
      this.listener.failed(reason);
    } else throw reason;
  }
}
