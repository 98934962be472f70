import { fileName, saveFile as saveText } from "../text/files";
import { writeJson } from "../text/json";
import type { Document } from "../wire/plan";

/** Gives the document to the person as a file. */
export function saveFile(document: Document, title: string): void {
  saveText(fileName(title, "json"), writeJson(document));
}
