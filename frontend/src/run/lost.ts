import type { LinkFault } from "../share/link";
import { Refused } from "../wire/api";
import type { Remembered } from "./remembered";

/** Why an address shows nothing, and what can be done about it. */
export type Lost =
  | { why: "unknown" | "closed" | "signedOut" }
  | { why: "expired" | "deleted"; run: Remembered }
  | { why: "link"; fault: LinkFault };

const UNAUTHORIZED = 401;
const NOT_FOUND = 404;

/** What became of a run that the service does not show; null where that is not the reason. */
export function lostRun(
  reason: unknown,
  remembered: Remembered | null,
  guest: boolean,
  now: number,
): Lost | null {
  if (!(reason instanceof Refused)) return null;
  if (reason.status === UNAUTHORIZED) return { why: guest ? "closed" : "signedOut" };
  if (reason.status !== NOT_FOUND) return null;
  if (!remembered) return { why: "unknown" };
  const over = remembered.expiresAt !== null && Date.parse(remembered.expiresAt) <= now;
  return { why: over ? "expired" : "deleted", run: remembered };
}
