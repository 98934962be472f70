import type { Document } from "../wire/plan";

/** The text that says a document and is otherwise as it was written; null where none was. */
export async function sourceOf(document: Document, written: string | null): Promise<string | null> {
  if (written === null) return null;
  const { rewritten } = await import("./rewrite");
  return rewritten(written, document);
}
