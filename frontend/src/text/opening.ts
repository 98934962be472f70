import type { Workbench } from "../page/workbench";
import { LONGEST_TEXT } from "./desk";
import { titleOf } from "./files";

/** Takes a file that a person chose or dropped as the draft. */
export async function openDocumentFile(bench: Workbench, file: File): Promise<void> {
  const { session, desk, words } = bench;
  const text = await file.text();
  session.show({ page: "play" });
  if (text.length <= LONGEST_TEXT) return desk.openFile(text, titleOf(file.name), words);
  const said = words.value("fileTooLarge", { name: file.name, limit: LONGEST_TEXT });
  session.show({ notice: { text: said, request: null } });
}
