import { formatCount } from "../numbers/format";
import type { RunEvent } from "../wire/types";
import type { CheckpointBody, ControlBody, RewindBody, StatusBody } from "../wire/types";
import type { Params, WordKey } from "../words/words";
import { tellChanges } from "./marks";

type Say = (key: WordKey, params?: Params) => string;

/** An event of a run in words; null for one that is only for machines. */
export function tellEvent(event: RunEvent, say: Say): string | null {
  const body: unknown = event.body;
  if (event.type === "status") return tellStatus(body as StatusBody, say);
  if (event.type === "control") return tellControl(body as ControlBody, say);
  if (event.type === "rewind") {
    return say("markRewind", { step: formatCount((body as RewindBody).to_step) });
  }
  if (event.type !== "checkpoint" && event.type !== "snapshot") return null;
  return say("logKept", { step: formatCount((body as CheckpointBody).step) });
}

function tellStatus({ status, reason, step }: StatusBody, say: Say): string {
  const name = say(`status${status[0]?.toUpperCase() ?? ""}${status.slice(1)}` as WordKey);
  const at = step == null ? "" : ` · ${say("step")} ${formatCount(step)}`;
  return name + at + (reason ? ` · ${reason}` : "");
}

function tellControl({ body, step }: ControlBody, say: Say): string {
  const action = String(body["action"]);
  const changes = body["changes"];
  if (action === "set" && typeof changes === "object" && changes !== null) {
    const numbers = Object.entries(changes).filter(([, value]) => typeof value === "number");
    const change = tellChanges(Object.fromEntries(numbers), say) || say("byHand");
    return say("markControl", { step: formatCount(step), change });
  }
  return say("logAsked", { action, step: formatCount(step) });
}
