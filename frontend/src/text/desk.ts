import { Observable } from "../observable";
import type { Session } from "../page/session";
import type { Shelf } from "../catalogue/shelf";
import type { Say } from "../page/workbench";
import { type Api, Refused, Unreachable } from "../wire/api";
import type { Editor } from "./editor/editor";
import type { Language } from "./language";
import { sourceOf } from "./source";
import { type Syntax, syntaxOf, write } from "./syntax";

const SYNTAX = "gradus.syntax";
/** Characters that the service keeps of a text. */
export const LONGEST_TEXT = 262_144;

/** What the page keeps of the text while its tab is closed; the editor itself comes when asked. */
export class Desk {
  /** How a document is written that nobody has written by hand. */
  readonly syntax: Observable<Syntax>;
  /** The layer whose line is pointed at. */
  readonly lit = new Observable<string | null>(null);
  /** Somebody wants to see the first problem. */
  readonly visiting = new Observable(false);
  /** What the editor offers and explains from; null while the service does not say. */
  language: Promise<Language | null> = Promise.resolve(null);
  private learning = false;
  private editor: Promise<Editor> | null = null;
  private aside: { title: string; text: string } | null = null;

  constructor(
    private readonly session: Session,
    private readonly api: Pick<Api, "schema" | "datasets">,
    private readonly shelf: Pick<Shelf, "want" | "catalogue">,
    private readonly storage: Pick<Storage, "getItem" | "setItem">,
  ) {
    this.syntax = new Observable(storage.getItem(SYNTAX) === "json" ? "json" : "yaml");
    // Another catalogue is one in another language, in which all is explained from then on.
    shelf.catalogue.subscribe(() => {
      if (this.editor && !this.learning) this.language = this.learn();
    });
  }

  /** The editor, loaded when it is first asked for. */
  open(say: Observable<Say>): Promise<Editor> {
    this.editor ??= this.load(say);
    return this.editor;
  }

  /** Opens the Text tab at the first problem. */
  visitProblems(): void {
    this.visiting.set(true);
    this.session.show({ left: "text" });
  }

  /** Writes the text in the other syntax; coming back brings the comments back. */
  async switchTo(syntax: Syntax): Promise<void> {
    this.storage.setItem(SYNTAX, syntax);
    const { source, document, title, unread } = this.session.state.value;
    if (source !== null && !unread) {
      const kept = this.aside?.title === title ? this.aside.text : null;
      const before = kept !== null && syntaxOf(kept) === syntax ? kept : null;
      this.aside = { title, text: source };
      const text = (await sourceOf(document, before)) ?? write(document, syntax);
      this.session.show({ source: text });
    }
    this.syntax.set(syntax);
  }

  /** The text as it stands, whether or not its tab is open. */
  async text(): Promise<string> {
    const { document, source, unread } = this.session.state.value;
    if (unread && this.editor) return (await this.editor).text;
    return (await sourceOf(document, source)) ?? write(document, this.syntax.value);
  }

  /** Takes a file as the draft; one that is no document is shown with what is wrong in it. */
  async openFile(text: string, title: string, say: Observable<Say>): Promise<void> {
    const { Reading } = await import("./reading");
    const { document, isSound } = new Reading(text);
    if (isSound && typeof document === "object" && document && !Array.isArray(document)) {
      return this.session.open(document, title, text);
    }
    this.session.show({ left: "text", title });
    (await this.open(say)).fill(text);
  }

  private async load(say: Observable<Say>): Promise<Editor> {
    this.language = this.learn();
    const { Editor } = await import("./editor/editor");
    return new Editor(this.session, this, say);
  }

  /** Without the schema the editor offers and explains nothing, and is no worse otherwise. */
  private async learn(): Promise<Language | null> {
    this.learning = true;
    try {
      const [{ Language }, schema, datasets] = await Promise.all([
        import("./language"),
        this.api.schema(),
        this.api.datasets(),
        this.shelf.want(),
      ]);
      const { layers } = this.shelf.catalogue.value ?? { layers: [] };
      return new Language(schema, layers, datasets);
    } catch (reason) {
      if (!(reason instanceof Refused || reason instanceof Unreachable)) throw reason;
      return null;
    } finally {
      this.learning = false;
    }
  }
}
