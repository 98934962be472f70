import type { RunRow } from "../wire/plan";
import type { Sweep } from "../wire/sweeps";

/** A row of the list: a run, or a sweep in the place of all its members. */
export type Entry = { run: RunRow; sweep: null } | { run: null; sweep: Sweep };

/**
 * Runs with the sweeps among them, newest first. `whole` says that no older runs follow: until
 * then a sweep that is older than all of them waits for its place.
 */
export function folded(runs: readonly RunRow[], sweeps: readonly Sweep[], whole: boolean): Entry[] {
  const oldest = Math.min(...runs.map(({ created_at }) => Date.parse(created_at)));
  const entries: Entry[] = [
    ...runs.map((run) => ({ run, sweep: null })),
    ...sweeps
      .filter(({ created_at }) => whole || Date.parse(created_at) >= oldest)
      .map((sweep) => ({ run: null, sweep })),
  ];
  return entries.sort((first, second) => madeAt(second) - madeAt(first));
}

function madeAt({ run, sweep }: Entry): number {
  return Date.parse((run ?? sweep).created_at);
}
