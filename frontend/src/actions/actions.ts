import type { Action } from "./action";
import { byHand } from "./by_hand";
import { redo, undo } from "./history";
import { keys } from "./keys";
import { gradients, weights } from "./look";
import { live, trainFrom } from "./past";
import { pair } from "./pair";
import { moveLeft, moveRight } from "./move";
import { play } from "./play";
import { remove } from "./remove";
import { reset } from "./reset";
import { oneBatch, oneEpoch } from "./step";
import { slow } from "./slow";
import { strikeLayer, strikeUnit } from "./strike";
import { sweep } from "./sweep";
import { text } from "./text";

/** Everything a person can do, in the order in which the list of keys shows it. */
export const ACTIONS: readonly Action[] = [
  play,
  oneBatch,
  oneEpoch,
  slow,
  reset,
  live,
  trainFrom,
  pair,
  sweep,
  weights,
  gradients,
  byHand,
  strikeUnit,
  strikeLayer,
  text,
  undo,
  redo,
  moveLeft,
  moveRight,
  remove,
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
  const key = pressed.key.length === 1 ? pressed.key.toLowerCase() : pressed.key;
  const held = pressed.ctrlKey || pressed.metaKey ? "Mod+" : "";
  const alt = pressed.altKey ? "Alt+" : "";
  const name = `${alt}${held}${pressed.shiftKey ? "Shift+" : ""}${key}`;
  return ACTIONS.find((action) => action.keys.includes(name));
}
