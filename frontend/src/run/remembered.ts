import type { State } from "../page/state";
import type { Document } from "../wire/plan";

/** What stays of a run in this browser when the service has removed it. */
export interface Remembered {
  id: string;
  title: string;
  document: Document;
  /** When the service was going to remove it, RFC 3339; null for never. */
  expiresAt: string | null;
}

const KEY = "gradus.runs";
const MOST_RUNS = 30;
const MOST_SIGNS = 50_000;

/** The documents of the runs that were last on show, so that an address never leads to nothing. */
export class RememberedRuns {
  private noted: string | null = null;

  constructor(private readonly storage: Pick<Storage, "getItem" | "setItem">) {}

  note({ run, document, title }: Pick<State, "run" | "document" | "title">): void {
    if (!run || run.id === this.noted) return;
    this.noted = run.id;
    if (JSON.stringify(document).length > MOST_SIGNS) return;
    const entry = { id: run.id, title, document, expiresAt: run.expiresAt };
    const others = this.all().filter(({ id }) => id !== run.id);
    try {
      this.storage.setItem(KEY, JSON.stringify([entry, ...others].slice(0, MOST_RUNS)));
    } catch {
      // A full or forbidden storage remembers nothing; the page works without.
    }
  }

  recall(id: string): Remembered | null {
    return this.all().find((entry) => entry.id === id) ?? null;
  }

  private all(): Remembered[] {
    try {
      const known: unknown = JSON.parse(this.storage.getItem(KEY) ?? "[]");
      return Array.isArray(known) ? (known as Remembered[]) : [];
    } catch {
      return [];
    }
  }
}
