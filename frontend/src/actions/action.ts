import { isEmpty } from "../draft/empty";
import type { State } from "../page/state";
import type { WordKey } from "../words/words";
import type { Document } from "../wire/plan";
import type { Control, RunCreate } from "../wire/types";

/** How a new run begins: to the end, with one batch, with one epoch, at rest. */
export type Start = NonNullable<RunCreate["start"]>;

/** What can be asked of the recording: back to the present, play it or hold it still. */
export type Wish = "live" | "play";

/** What an action asks for; the session carries it out. */
export type Effect =
  | { do: "create"; start: Start; pair?: Document }
  | { do: "fork"; step: number | null; document: Document; start?: Start }
  | { do: "control"; control: Control }
  | { do: "reset" }
  | { do: "edit"; document: Document }
  | { do: "history"; by: -1 | 1 }
  | { do: "show"; change: Partial<State> }
  | { do: "timeline"; wish: Wish }
  | { do: "nothing" };

/** One thing a person can do: read by buttons, menu and keyboard alike. */
export interface Action {
  id: string;
  /** Keys as `KeyboardEvent.key`, with `Alt+`, `Mod+` (Ctrl, on a Mac Cmd) and `Shift+` before. */
  keys: readonly string[];
  label(state: State): WordKey;
  enabled(state: State): boolean;
  perform(state: State): Effect;
}

/** Whether a run can be begun from what is on the page. */
export function isSound(state: State): boolean {
  const { plan, problems, unread, document } = state;
  const trainable = plan !== null && (plan.data !== null || plan.function !== undefined);
  return trainable && !problems.length && !unread && !isEmpty(document);
}
