import type {
  Changes,
  CheckpointBody,
  Control,
  ControlBody,
  RewindBody,
  RunEvent,
  Status,
  StatusBody,
  VerdictBody,
} from "../wire/types";
import { saySentence, type Sentences } from "../words/catalogue";
import type { Params, WordKey } from "../words/words";
import { tellChanges, tellWeight } from "./marks";

type Say = (key: WordKey, params?: Params) => string;

/** Written by a worker alone, so no control that anybody could send. */
interface Switch {
  action: "switch";
  tier: "compiled" | "graph";
}

/** An event of a run as a person reads it. */
export interface Entry {
  number: number;
  /** When it happened, RFC 3339. */
  at: string;
  step: number;
  words: string;
}

const STATUS_WORDS: Readonly<Record<Status, WordKey>> = {
  queued: "logQueued",
  running: "logRunning",
  paused: "logPaused",
  waiting: "logWaiting",
  finished: "logFinished",
  failed: "logFailed",
  stopped: "logStopped",
};
const MOST_WEIGHTS = 2;

/** The log in words, newest first; of a hand that drags only where it rested. */
export function entriesOf(
  events: readonly RunEvent[],
  say: Say,
  sentences: Sentences = {},
): Entry[] {
  const kept = events.filter((event, at) => !isOvertaken(event, events[at + 1]));
  return kept.flatMap((event) => tellEvent(event, say, sentences) ?? []).reverse();
}

/** Whether the next event sets the same numbers at the same step once more. */
function isOvertaken(event: RunEvent, next: RunEvent | undefined): boolean {
  return next !== undefined && subjectOf(event) !== null && subjectOf(event) === subjectOf(next);
}

function subjectOf(event: RunEvent): string | null {
  if (event.type !== "control") return null;
  const { body, step } = event.body as unknown as ControlBody;
  const control = body as unknown as Control;
  if (control.action !== "set") return null;
  const { weights, ...numbers } = told(control.changes);
  const places = weights?.map(({ name, index }) => `${name} ${index.join()}`) ?? [];
  return [step, ...Object.keys(numbers), ...places].join();
}

/** An event in words; null for one that is only for machines. */
function tellEvent(event: RunEvent, say: Say, sentences: Sentences): Entry | null {
  const body: unknown = event.body;
  const at = (step: number, ...sentence: (string | undefined)[]): Entry => {
    const words = sentence.filter((part) => part !== undefined);
    const [first = "", second] = words;
    const joined = second === undefined ? first : say("logPair", { first, second });
    return { number: event.number, at: event.at, step, words: joined };
  };
  switch (event.type) {
    case "status": {
      const { status, reason, params = {}, step = 0 } = body as StatusBody;
      const why = reason
        ? (saySentence(`reason.${reason}`, params, sentences) ?? reason)
        : undefined;
      return at(step, say(STATUS_WORDS[status]), why);
    }
    case "control": {
      const control = body as ControlBody;
      return at(control.step, tellControl(control.body as unknown as Control | Switch, say));
    }
    case "rewind": {
      const { to_step: step, reason } = body as RewindBody;
      return at(step, say("logRewind"), saySentence(`reason.${reason}`, {}, sentences) ?? reason);
    }
    case "verdict": {
      const { code, params = {}, step = 0 } = body as VerdictBody;
      return at(step, saySentence(code, params, sentences) ?? code);
    }
    case "checkpoint":
    case "snapshot": {
      const { step, kept } = body as CheckpointBody;
      return at(step, say(kept ? "logSnapshot" : "logCheckpoint"));
    }
    default:
      return null;
  }
}

function tellControl(control: Control | Switch, say: Say): string {
  if (control.action === "switch") {
    return say(control.tier === "graph" ? "logGraph" : "logCompiled");
  }
  if (control.action === "play") return say(control.ramp ? "logRamp" : "logPlay");
  if (control.action === "pause") return say("logPause");
  if (control.action === "stop") return say("logStop");
  if (control.action === "set") return tellSet(control.changes, say);
  const { unit = "batch", count = 1 } = control;
  if (count === 1) return say(unit === "batch" ? "logBatch" : "logEpoch");
  return say(unit === "batch" ? "logBatches" : "logEpochs", { count });
}

function tellSet(changes: Changes, say: Say): string {
  const { weights, ...numbers } = told(changes);
  if (!weights?.length) return say("logSet", { change: tellChanges(numbers, say) });
  const named = weights.slice(0, MOST_WEIGHTS).map(tellWeight).join(say("nameJoint"));
  const left = weights.length - MOST_WEIGHTS;
  return say("logHand", { change: left > 0 ? `${named} +${left}` : named });
}

/** The numbers that are set; the others travel as null. */
function told(changes: Changes): Changes {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value != null));
}
