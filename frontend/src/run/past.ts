import { type Api, Refused } from "../wire/api";
import type { Columns } from "../wire/types";

/** What an ancestor of a fork went through up to the step at which its child left it. */
export interface Stretch {
  run: string;
  until: number;
  series: Record<string, Columns>;
}

/** Where a run begins: untrained, or where its parent was. */
export interface Lineage {
  parent: string | null;
  parent_step: number | null;
}

const MOST_ANCESTORS = 16;
const NOT_FOUND = 404;

/** The stretches before a fork, the nearest first, as far back as its ancestors are kept. */
export async function pastOf(fork: Lineage, api: Pick<Api, "run" | "metrics">): Promise<Stretch[]> {
  const past: Stretch[] = [];
  let { parent, parent_step: until } = fork;
  while (parent !== null && until !== null && past.length < MOST_ANCESTORS) {
    const found = await ancestor(parent, api);
    if (!found) break;
    past.push({ run: found.run.id, until, series: found.series });
    ({ parent, parent_step: until } = found.run);
  }
  return past;
}

/** Null for one that was deleted: the curve then begins with its child. */
async function ancestor(id: string, api: Pick<Api, "run" | "metrics">) {
  try {
    const [run, series] = await Promise.all([api.run(id), api.metrics(id)]);
    return { run, series };
  } catch (reason) {
    if (reason instanceof Refused && reason.status === NOT_FOUND) return null;
    throw reason;
  }
}

/** The newest kept step of a run before another; null where none was kept. */
export async function keptBefore(
  run: string,
  step: number,
  api: Pick<Api, "checkpoints">,
): Promise<number | null> {
  const kept = (await api.checkpoints(run)).map((row) => row.step);
  const before = kept.filter((candidate) => candidate < step);
  return before.length ? Math.max(...before) : null;
}
