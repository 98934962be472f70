import type { State } from "../page/state";
import type { Document } from "../wire/plan";

const KEY = "gradus.draft";
// A tab's storage holds about 5 MB; a document is at most 1.
const MOST_SIGNS = 1_048_576;

/** The draft of this tab, so that reloading the page or a crash of it loses nothing. */
export class KeptDraft {
  private written: Document | null = null;

  constructor(private readonly storage: Pick<Storage, "getItem" | "setItem">) {}

  /** Keeps the document of a page without a run; a run has its own address. */
  keep({ run, lost, document, title }: Pick<State, "run" | "lost" | "document" | "title">): void {
    if (run || lost || document === this.written || !Object.keys(document).length) return;
    this.written = document;
    const text = JSON.stringify({ title, document });
    if (text.length > MOST_SIGNS) return;
    try {
      this.storage.setItem(KEY, text);
    } catch {
      // A full or forbidden storage keeps nothing; the page works without.
    }
  }

  read(): { title: string; document: Document } | null {
    const kept = parsed(this.storage.getItem(KEY));
    const { title, document } = kept;
    if (typeof title !== "string" || typeof document !== "object" || !document) return null;
    return { title, document: document as Document };
  }
}

function parsed(text: string | null): Record<string, unknown> {
  try {
    return (JSON.parse(text ?? "{}") as Record<string, unknown> | null) ?? {};
  } catch {
    return {};
  }
}
