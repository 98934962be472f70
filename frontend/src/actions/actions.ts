import type { Action } from "./action";
import { byHand } from "./by_hand";
import { keys } from "./keys";
import { gradients, weights } from "./look";
import { live, trainFrom } from "./past";
import { play } from "./play";
import { reset } from "./reset";
import { oneBatch, oneEpoch } from "./step";
import { text } from "./text";

/** Everything a person can do, in the order in which the list of keys shows it. */
export const ACTIONS: readonly Action[] = [
  play,
  oneBatch,
  oneEpoch,
  reset,
  live,
  trainFrom,
  weights,
  gradients,
  byHand,
  text,
  keys,
];

interface Pressed {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** The action that a key press means, if any. */
export function actionFor(pressed: Pressed): Action | undefined {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey) return undefined;
  const key = pressed.key.length === 1 ? pressed.key.toLowerCase() : pressed.key;
  const name = pressed.shiftKey ? `Shift+${key}` : key;
  return ACTIONS.find((action) => action.keys.includes(name));
}
