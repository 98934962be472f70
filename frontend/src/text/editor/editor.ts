import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import {
  defaultKeymap,
  history,
  historyKeymap,
  indentWithTab,
  isolateHistory,
} from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import {
  Annotation,
  Compartment,
  EditorState,
  type Extension,
  type StateEffect,
  Transaction,
} from "@codemirror/state";
import {
  EditorView,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  type ViewUpdate,
} from "@codemirror/view";

import { applyPatch, isPatch } from "../../draft/patch";
import type { Observable, Unsubscribe } from "../../observable";
import type { Session } from "../../page/session";
import type { State } from "../../page/state";
import type { Say } from "../../page/workbench";
import { sayProblem } from "../../words/catalogue";
import type { Plan, Problem } from "../../wire/plan";
import type { Desk } from "../desk";
import { type Fault, faultsOf } from "../faults";
import { layerAt, notesOf, spanOf } from "../notes";
import { Reading, type Span } from "../reading";
import { type Syntax, syntaxOf } from "../syntax";
import { Typing } from "../typing";
import { completing } from "./completing";
import { indenting } from "./indenting";
import { hanging } from "./hanging";
import { marks, showFaults, showLit, showNotes, type Told } from "./marks";
import { theme } from "./theme";

/** A change that comes from the page, not from the hand in the editor. */
const fromPage = Annotation.define<boolean>();

/** The Text tab's editor: CodeMirror tied to the page. It outlives the tab, with its history. */
export class Editor {
  private readonly view: EditorView;
  private readonly typing: Typing;
  private readonly language = new Compartment();
  private readonly label = new Compartment();
  private syntax: Syntax;
  private stops: Unsubscribe[] = [];
  private reading = new Reading("");
  private faults: Fault[] = [];
  private told: { plan?: Plan | null; problems?: State["problems"]; spot?: State["spot"] } = {};

  constructor(
    private readonly session: Session,
    private readonly desk: Desk,
    private readonly say: Observable<Say>,
  ) {
    this.syntax = desk.syntax.value;
    this.typing = new Typing(session, () => session.state.value);
    this.view = new EditorView({ state: EditorState.create({ extensions: this.extensions() }) });
  }

  /** Shows the editor in a place of the page and keeps it in step until it is taken away. */
  attach(host: HTMLElement): () => void {
    host.append(this.view.dom);
    this.told = {};
    this.stops = [
      this.session.state.subscribe(() => this.follow()),
      this.desk.syntax.subscribe((syntax) => syntax !== this.syntax && this.renew(syntax)),
      this.desk.visiting.subscribe((visiting) => visiting && this.visit(0)),
      this.say.subscribe(() => this.relabel()),
    ];
    return () => this.detach();
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  /** Puts the whole text in place of the old one, as if it had been typed. */
  fill(text: string): void {
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
    this.typing.rest();
  }

  /** Moves the cursor to a problem and reads it out. */
  visit(index: number): void {
    const fault = this.faults[index];
    if (!fault) return;
    this.desk.visiting.set(false);
    const { view } = this;
    const at = Math.min(fault.span[0], view.state.doc.length);
    const spoken = EditorView.announce.of(this.sentence(fault));
    const shown = EditorView.scrollIntoView(at, { y: "center" });
    view.dispatch({ selection: { anchor: at }, effects: [spoken, shown] });
    view.focus();
  }

  find(problem: Problem): void {
    this.visit(this.faults.findIndex((fault) => fault.problem === problem));
  }

  private detach(): void {
    this.typing.rest();
    for (const stop of this.stops) stop();
    this.desk.lit.set(null);
    this.view.dom.remove();
  }

  private follow(): void {
    // One follower may change what the others are still to be told of: the newest counts.
    const state = this.session.state.value;
    const wanted = this.typing.wanted(this.desk.syntax.value);
    if (wanted !== null && wanted !== this.text) this.replace(wanted);
    if (this.reading.text !== this.text) this.reading = new Reading(this.text);
    const sound = state.problems.length === 0 && !state.unread;
    if (state.plan !== this.told.plan && state.plan && sound) this.note(state.plan);
    if (state.problems !== this.told.problems) this.accuse(state);
    if (state.spot !== this.told.spot) this.light(state);
  }

  private renew(syntax: Syntax): void {
    this.syntax = syntax;
    this.typing.forget();
    this.follow();
  }

  private replace(text: string): void {
    const old = this.text;
    const from = commonStart(old, text);
    const tail = commonStart(reversed(old.slice(from)), reversed(text.slice(from)));
    const changes = { from, to: old.length - tail, insert: text.slice(from, text.length - tail) };
    // Before the first text there was nothing that anybody could want back.
    const kept = Transaction.addToHistory.of(old !== "");
    const annotations = [fromPage.of(true), isolateHistory.of("full"), kept];
    this.view.dispatch({ changes, annotations });
  }

  private note(plan: Plan): void {
    this.told.plan = plan;
    const say = this.say.value;
    const effects = showNotes(notesOf(plan, this.reading), ({ shape, parameters }) =>
      parameters ? say("lineNote", { shape, count: parameters }) : shape,
    );
    this.view.dispatch({ effects });
  }

  private accuse(state: State): void {
    this.told.problems = state.problems;
    this.faults = faultsOf(state.problems, this.reading);
    const { doc } = this.view.state;
    const endOfLine = (at: number): number => doc.lineAt(Math.min(at, doc.length)).to;
    const tell = (fault: Fault): Told => this.tell(fault);
    this.view.dispatch({ effects: showFaults(this.faults, doc.length, tell, endOfLine) });
    if (this.desk.visiting.value) this.visit(0);
  }

  private tell(fault: Fault): Told {
    const { fix } = fault.problem;
    const mend = isPatch(fix) ? () => this.mend(fault) : null;
    return { text: this.sentence(fault), fixLabel: this.say.value("applyFix"), fix: mend };
  }

  private sentence({ problem }: Fault): string {
    return sayProblem(problem, this.session.state.value.sentences);
  }

  private mend({ problem }: Fault): void {
    this.typing.rest();
    const { document } = this.session.state.value;
    if (isPatch(problem.fix)) this.session.edit(applyPatch(document, problem.fix));
  }

  private light({ spot, plan }: State): void {
    this.told.spot = spot;
    const layer = plan?.layers.find(({ name }) => name === spot?.card);
    const source = spot?.card === "input" ? "/data" : layer?.source;
    const span = source !== undefined && this.reading.places.has(source);
    const lines = span ? spanOf(this.reading, source) : null;
    this.view.dispatch({ effects: showLit(lines, (lit) => this.linesOf(lit)) });
  }

  private linesOf([from, to]: Span): number[] {
    const { doc } = this.view.state;
    const first = doc.lineAt(Math.min(from, doc.length)).number;
    const last = doc.lineAt(Math.min(to, doc.length)).number;
    return Array.from({ length: last - first + 1 }, (_, index) => doc.line(first + index).from);
  }

  private relabel(): void {
    const attributes = { "aria-label": this.say.value("textLabel"), spellcheck: "false" };
    const label = EditorView.contentAttributes.of({ ...attributes, autocapitalize: "off" });
    this.view.dispatch({ effects: this.label.reconfigure(label) });
    this.told = {};
    this.follow();
  }

  private extensions(): Extension {
    return [
      lineNumbers(),
      highlightActiveLineGutter(),
      history(),
      EditorView.lineWrapping,
      EditorState.tabSize.of(2),
      indentUnit.of("  "),
      indenting,
      indentOnInput(),
      bracketMatching(),
      closeBrackets(),
      completing(() => this.desk.language),
      this.keys(),
      this.language.of(yaml()),
      EditorState.transactionExtender.of((change) => this.speak(change)),
      this.label.of([]),
      hanging,
      marks,
      theme,
      EditorView.updateListener.of((update) => this.updated(update)),
      this.pointing(),
    ];
  }

  /** A text that turns into JSON, or back, is coloured and indented as such. */
  private speak({
    docChanged,
    startState,
    newDoc,
  }: Transaction): { effects: StateEffect<unknown> } | null {
    const syntax = syntaxOf(newDoc.toString());
    if (!docChanged || syntax === syntaxOf(startState.doc.toString())) return null;
    return { effects: this.language.reconfigure(syntax === "json" ? json() : yaml()) };
  }

  private keys(): Extension {
    const step = (by: number) => () => this.walk(by);
    const mend = () => this.mendHere();
    return keymap.of([
      { key: "F8", run: step(1) },
      { key: "Shift-F8", run: step(-1) },
      { key: "Ctrl-.", run: mend },
      { key: "Mod-.", run: mend },
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...historyKeymap,
      ...defaultKeymap,
      indentWithTab,
    ]);
  }

  private walk(by: number): boolean {
    const { head } = this.view.state.selection.main;
    const count = this.faults.length;
    const next = this.faults.findIndex(({ span }) => span[0] > head);
    const last = this.faults.findLastIndex(({ span }) => span[0] < head);
    if (count) this.visit(by > 0 ? Math.max(0, next) : last < 0 ? count - 1 : last);
    return count > 0;
  }

  private mendHere(): boolean {
    const line = this.view.state.doc.lineAt(this.view.state.selection.main.head).number;
    const mendable = this.faults.filter(({ problem }) => isPatch(problem.fix));
    const fault = mendable.find((candidate) => candidate.line === line) ?? mendable[0];
    if (fault) this.mend(fault);
    return fault !== undefined;
  }

  private updated(update: ViewUpdate): void {
    const own = update.transactions.some((change) => change.annotation(fromPage));
    if (update.docChanged && !own) this.typing.type(this.text);
    if (update.focusChanged && !update.view.hasFocus) this.typing.rest();
    if (update.focusChanged && !update.view.hasFocus) this.desk.lit.set(null);
    else if (update.selectionSet && update.view.hasFocus)
      this.point(update.state.selection.main.head);
  }

  private pointing(): Extension {
    return EditorView.domEventHandlers({
      mousemove: (event, view) => {
        const at = view.posAtCoords({ x: event.clientX, y: event.clientY });
        if (at !== null) this.point(at);
      },
      mouseleave: () => this.desk.lit.set(null),
    });
  }

  private point(at: number): void {
    const { plan } = this.session.state.value;
    if (!plan || this.reading.text !== this.text) return;
    const line = this.view.state.doc.lineAt(at);
    const first = line.from + line.text.search(/[^\s-]|$/);
    this.desk.lit.set(layerAt(plan, this.reading, Math.max(at, first)));
  }
}

function commonStart(one: string, other: string): number {
  const end = Math.min(one.length, other.length);
  let at = 0;
  while (at < end && one[at] === other[at]) at += 1;
  return at;
}

function reversed(text: string): string {
  return text.split("").reverse().join("");
}
