import type { Session } from "./session";

/** A run and its draft as components see and move them: the session's own, or B's beside it. */
export type Stage = Pick<
  Session,
  | "state"
  | "pictures"
  | "timeline"
  | "settled"
  | "curve"
  | "show"
  | "perform"
  | "carryOut"
  | "edit"
  | "tune"
  | "open"
  | "tryAgain"
  | "previewOf"
>;
