import type { State } from "../page/state";
import type { Document, Problem } from "../wire/plan";
import { isSame } from "./pointer";
import { Reading } from "./reading";
import { rewritten } from "./rewrite";
import { type Syntax, write } from "./syntax";

/** What the text tells the page. */
export interface Writer {
  edit(document: Document, source: string): void;
  misread(problems: Problem[]): void;
  reread(source: string): void;
}

const PAUSE_MS = 150;

/** Keeps the text and the document of the page in step, in both directions. */
export class Typing {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private typed: string | null = null;
  private telling = false;
  private shown: Pick<State, "document" | "source"> | null = null;

  constructor(
    private readonly writer: Writer,
    private readonly state: () => State,
    private readonly pause = PAUSE_MS,
  ) {}

  /** The hand is writing; the page hears of it once the hand rests. */
  type(text: string): void {
    this.typed = text;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.rest(), this.pause);
  }

  /** Tells the page what is written, without a wait. */
  rest(): void {
    clearTimeout(this.timer);
    const text = this.typed;
    this.typed = null;
    if (text === null) return;
    this.telling = true;
    try {
      this.tell(text);
    } finally {
      this.telling = false;
    }
  }

  /** The text that the page's document has come to ask for; null while the one on show says it. */
  wanted(syntax: Syntax): string | null {
    const { document, source } = this.state();
    // Taking what was typed, the page holds for a moment the new text with the old document.
    if (this.typed !== null || this.telling) return null;
    if (this.shown?.document === document && this.shown.source === source) return null;
    this.shown = { document, source };
    return source === null ? write(document, syntax) : rewritten(source, document);
  }

  /** What is on show was written for other wishes: it is asked for again. */
  forget(): void {
    this.shown = null;
  }

  private tell(text: string): void {
    const reading = new Reading(text);
    const state = this.state();
    const { document, source, unread, run } = state;
    if (!reading.isSound) return this.writer.misread(reading.problems);
    if (!isDocument(reading.document)) return this.writer.misread([notAnObject()]);
    const same = isSame(reading.document, document);
    const edited = !same || (unread && run === null);
    this.shown = { document: edited ? reading.document : document, source: text };
    if (edited) this.writer.edit(reading.document, text);
    else if (text !== source || unread) this.writer.reread(text);
  }
}

function isDocument(value: Reading["document"]): value is Document {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function notAnObject(): Problem {
  return {
    code: "document.not_an_object",
    params: { at: 0, line: 1, column: 1 },
    path: "",
    layer: null,
    message: "A document is a JSON object.",
    expected: "{…}",
    got: null,
    hint: null,
    fix: null,
  };
}
