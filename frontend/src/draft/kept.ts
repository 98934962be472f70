import type { State } from "../page/state";
import type { Document } from "../wire/plan";

const KEY = "gradus.draft";
// A tab's storage holds about 5 MB; a document is at most 1.
const MOST_SIGNS = 1_048_576;

type Draft = Pick<State, "title" | "document" | "source">;

/** The draft of this tab, so that reloading the page or a crash of it loses nothing. */
export class KeptDraft {
  private written: Partial<Draft> = {};

  constructor(private readonly storage: Pick<Storage, "getItem" | "setItem">) {}

  /** Keeps the document of a page without a run; a run has its own address. */
  keep({ run, lost, title, document, source }: Pick<State, "run" | "lost"> & Draft): void {
    const kept = this.written.document === document && this.written.source === source;
    if (run || lost || kept || !Object.keys(document).length) return;
    this.written = { document, source };
    const text = JSON.stringify({ title, document, source });
    if (text.length > MOST_SIGNS) return;
    try {
      this.storage.setItem(KEY, text);
    } catch {
      // A full or forbidden storage keeps nothing; the page works without.
    }
  }

  read(): Draft | null {
    const { title, document, source } = parsed(this.storage.getItem(KEY));
    if (typeof title !== "string" || typeof document !== "object" || !document) return null;
    const text = typeof source === "string" ? source : null;
    return { title, document: document as Document, source: text };
  }
}

function parsed(text: string | null): Record<string, unknown> {
  try {
    return (JSON.parse(text ?? "{}") as Record<string, unknown> | null) ?? {};
  } catch {
    return {};
  }
}
