import { type Extension, StateEffect, StateField, type Transaction } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, WidgetType } from "@codemirror/view";

import type { Fault } from "../faults";
import type { Note } from "../notes";
import type { Span } from "../reading";

type Moved = (marks: DecorationSet, change: Transaction) => DecorationSet;

/** A set of marks that is replaced as a whole and moves with the text in between. */
function layer(
  moved: Moved = (marks, { changes }) => marks.map(changes),
): [(marks: DecorationSet) => StateEffect<DecorationSet>, Extension] {
  const put = StateEffect.define<DecorationSet>();
  const field = StateField.define<DecorationSet>({
    create: () => Decoration.none,
    update: (marks, change) =>
      change.effects.reduce(
        (now, effect) => (effect.is(put) ? effect.value : now),
        change.docChanged ? moved(marks, change) : marks,
      ),
    provide: (own) => EditorView.decorations.from(own),
  });
  return [(marks) => put.of(marks), field];
}

const [putFaults, faults] = layer();
const [putNotes, notes] = layer(withoutWritten);
const [putLit, lit] = layer();

export const marks: Extension = [faults, notes, lit];

/** What a line came to holds no longer once the line is written in. */
function withoutWritten(marks: DecorationSet, { changes, startState }: Transaction): DecorationSet {
  const written: [number, number][] = [];
  changes.iterChangedRanges((from, to) => {
    written.push([startState.doc.lineAt(from).from, startState.doc.lineAt(to).to]);
  });
  const filter = (at: number): boolean => written.every(([from, to]) => at < from || to < at);
  return marks.update({ filter }).map(changes);
}

/** How a fault is said and mended; null where no single change mends it. */
export interface Told {
  text: string;
  fixLabel: string;
  fix: (() => void) | null;
}

export function showFaults(
  found: readonly Fault[],
  length: number,
  tell: (fault: Fault) => Told,
  endOfLine: (at: number) => number,
): StateEffect<DecorationSet> {
  const marked = found.flatMap((fault) => {
    const [from, to] = fault.span.map((at) => Math.min(at, length)) as [number, number];
    const told = new Sentence(tell(fault));
    const under = Decoration.widget({ widget: told, block: true, side: 1 });
    const wave = from < to ? [Decoration.mark({ class: "cm-fault" }).range(from, to)] : [];
    return [...wave, under.range(endOfLine(from))];
  });
  return putFaults(Decoration.set(marked, true));
}

export function showNotes(
  found: readonly Note[],
  say: (note: Note) => string,
): StateEffect<DecorationSet> {
  const written = found.map((note) =>
    Decoration.widget({ widget: new LineNote(say(note)), side: 2 }).range(note.at),
  );
  return putNotes(Decoration.set(written, true));
}

/** Lights the lines that a span of the text covers. */
export function showLit(
  span: Span | null,
  starts: (span: Span) => number[],
): StateEffect<DecorationSet> {
  if (!span) return putLit(Decoration.none);
  const line = Decoration.line({ class: "cm-lit" });
  return putLit(Decoration.set(starts(span).map((at) => line.range(at))));
}

class Sentence extends WidgetType {
  constructor(private readonly told: Told) {
    super();
  }

  override eq(other: Sentence): boolean {
    return other.told.text === this.told.text && !other.told.fix === !this.told.fix;
  }

  toDOM(): HTMLElement {
    const { text, fix, fixLabel } = this.told;
    const line = document.createElement("div");
    line.className = "cm-sentence";
    line.append(text);
    if (fix) {
      const button = document.createElement("button");
      button.textContent = fixLabel;
      button.title = "Ctrl-.";
      // The editor would move its cursor first and take the button away under the pointer.
      button.onmousedown = (event) => event.preventDefault();
      button.onclick = fix;
      line.append(" ", button);
    }
    return line;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

class LineNote extends WidgetType {
  constructor(private readonly text: string) {
    super();
  }

  override eq(other: LineNote): boolean {
    return other.text === this.text;
  }

  toDOM(): HTMLElement {
    const note = document.createElement("span");
    note.className = "cm-note";
    note.ariaHidden = "true";
    note.textContent = this.text;
    return note;
  }
}
