import type { Status } from "../wire/types";
import type { WordKey } from "./words";

const STATUSES: Record<Status, WordKey> = {
  queued: "statusQueued",
  running: "statusRunning",
  paused: "statusPaused",
  waiting: "statusWaiting",
  finished: "statusFinished",
  failed: "statusFailed",
  stopped: "statusStopped",
};

/** The word for the state of a run. */
export function statusWord(status: Status): WordKey {
  return STATUSES[status];
}
