import type { Observable } from "../observable";
import type { State } from "../page/state";
import type { Api } from "../wire/api";
import type { Questions } from "../wire/questions";
import { systemClock } from "../wire/stream";
import type { Bench } from "./timeline";

/** What a timeline learns of the page and asks of the service. */
export function benchOf(
  state: Observable<State>,
  api: Pick<Api, "checkpoints">,
  questions: Pick<Questions, "inspectRun">,
): Omit<Bench, "pictures" | "wanted" | "guard" | "changed"> {
  return {
    clock: systemClock,
    plan: () => state.value.plan,
    document: () => state.value.document,
    speed: () => state.value.run?.changes.speed ?? 0,
    inspect: (run, probe, step) => questions.inspectRun(run, probe, step),
    checkpoints: (run) => api.checkpoints(run),
  };
}
