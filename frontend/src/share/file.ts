import { isProblem, readText, writeText } from "../draft/text";
import type { Document } from "../wire/plan";

// The service's own bound of a document.
const MOST_BYTES = 1_048_576;

/** What a file holds: a document, or why it is none. */
export type FileRead = { document: Document; title: string } | { fault: string };

/** Reads a document that the person chose. */
export async function readFile(file: Pick<File, "name" | "size" | "text">): Promise<FileRead> {
  if (file.size > MOST_BYTES) return { fault: `> ${MOST_BYTES / 1_048_576} MiB` };
  const answer = readText(await file.text());
  if (isProblem(answer)) return { fault: answer.message };
  return { document: answer, title: file.name.replace(/\.[a-z]+$/i, "") };
}

/** Gives the document to the person as a file. */
export function saveFile(document: Document, title: string): void {
  const text = `${writeText(document)}\n`;
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = window.document.createElement("a");
  link.href = address;
  link.download = fileName(title);
  link.click();
  URL.revokeObjectURL(address);
}

/** A name that every file system takes. */
export function fileName(title: string): string {
  const plain = title.replace(/[^\p{L}\p{N}._-]+/gu, "_").replace(/^[._]+/, "");
  return `${plain.slice(0, 60) || "network"}.json`;
}
