import type { Stage } from "../page/stage";
import type { Document } from "../wire/plan";

/** Begins what is on the page anew with another document beside it, step by step. */
export function openBeside(session: Stage, document: Document): void {
  const { run } = session.state.value;
  const goesOn = run?.status === "running";
  if (run) session.carryOut({ do: "reset" });
  session.carryOut({ do: "create", start: goesOn ? "ramp" : "paused", pair: document });
}
