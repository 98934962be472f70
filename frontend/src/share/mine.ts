import { givenName } from "../runs/naming";
import type { State } from "../page/state";
import { type Api, Refused } from "../wire/api";
import type { RunRow } from "../wire/plan";

/** What became of the wish to own what a link shows. */
export type Taken = { run: RunRow } | { draft: true } | { signedOut: true };

const UNAUTHORIZED = 401;
const NOT_FOUND = 404;

/**
 * Forks a run that was read by a link into the reader's own: from its newest kept state where
 * the reader is of its team, else its document as a draft.
 */
export async function makeMine(
  { run, document, title, presets }: Pick<State, "run" | "document" | "title" | "presets">,
  api: Pick<Api, "fork">,
): Promise<Taken> {
  if (!run) return { draft: true };
  const step = run.step || null;
  const name = givenName(title, presets);
  try {
    return { run: await api.fork(run.id, { document, name, step, start: "paused" }) };
  } catch (reason) {
    if (!(reason instanceof Refused)) throw reason;
    if (reason.status === UNAUTHORIZED) return { signedOut: true };
    if (reason.status === NOT_FOUND) return { draft: true };
    throw reason;
  }
}
