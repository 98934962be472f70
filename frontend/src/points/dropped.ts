import type { Workbench } from "../page/workbench";
import { withDrawn } from "./drawn";
import { readTable } from "./table";

/** Far above what the greatest table of points needs. */
const LONGEST = 1_000_000;

/** Takes a table that a person chose or dropped as the points of the document. */
export async function openPoints(bench: Workbench, file: File): Promise<void> {
  const { session, words } = bench;
  const say = words.value;
  const name = file.name;
  if (file.size > LONGEST) {
    const text = say("fileTooLarge", { name, limit: LONGEST });
    return session.show({ notice: { text, request: null } });
  }
  const table = readTable(await file.text());
  if ("fault" in table) {
    const text = `${name}: ${say(table.fault.words, table.fault.params)}`;
    return session.show({ notice: { text, request: null } });
  }
  const { document } = session.state.value;
  session.show({ page: "play", notice: null });
  session.carryOut({ do: "edit", document: withDrawn(document, table.points, table.task) });
}
