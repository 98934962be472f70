import { Refused, Unreachable } from "../wire/api";
import type { Problem } from "../wire/plan";
import type { Notice } from "./state";

/** What is to be said of a failure of the service; anything else is thrown on. */
export function complaintOf(reason: unknown): Notice & { problems: Problem[] } {
  if (reason instanceof Unreachable) return { text: "", request: null, problems: [] };
  if (!(reason instanceof Refused)) throw reason;
  return { text: reason.message, request: reason.request, problems: reason.problems };
}
