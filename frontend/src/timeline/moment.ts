import { answering, laneOf } from "../lanes/lanes";
import { fieldOf, unitFieldsOf } from "../layers/fields";
import { pictureKey } from "../painting/pictures";
import type { Run, RunView } from "../run/run";
import type { Picture } from "../wire/frame";
import type { Plan } from "../wire/plan";
import type { Changes, Probe } from "../wire/types";
import type { Snapshot } from "./snapshots";

/** A step at which the service keeps the state of a run. */
export interface Kept {
  run: string;
  step: number;
  samples: number;
}

/** What a snapshot shows of the wanted pictures, and which it cannot. */
export interface Shown {
  pictures: Map<string, Picture>;
  missing: Probe[];
}

/** The wanted pictures at a snapshot: held ones, and those that follow from its weights. */
export function picturesAt(snapshot: Snapshot, plan: Plan, wanted: readonly Probe[]): Shown {
  const pictures = new Map(snapshot.pictures);
  const missing: Probe[] = [];
  for (const probe of wanted) {
    // It is the same at every moment.
    if (probe.kind === "surface") continue;
    const key = pictureKey(probe);
    const picture = pictures.get(key) ?? computed(probe, plan, snapshot);
    if (picture) pictures.set(key, picture);
    else missing.push(probe);
  }
  return { pictures, missing };
}

function computed(probe: Probe, plan: Plan, snapshot: Snapshot): Picture | null {
  if (probe.kind !== "field" && probe.kind !== "unit_fields") return null;
  const { resolution, extent } = probe;
  if (resolution === undefined || extent === undefined) return null;
  const weights = snapshot.pictures.get("weights");
  const compute = probe.kind === "field" ? fieldOf : unitFieldsOf;
  const lane = probe.network == null ? null : laneOf(plan, probe.network);
  return compute(lane?.plan ?? answering(plan), weights, { resolution, extent });
}

/** The figures of a run as they were at a step. */
export function viewAt(run: Run, step: number, samples: number): RunView {
  const figures: Record<string, number> = {};
  for (const [name, series] of run.series) {
    const point = series.at(step);
    if (point) figures[name] = point.last;
  }
  return { ...run.view, step, samples, figures, changes: changesAt(run, step) };
}

/** The numbers that had been changed by a step. */
export function changesAt(run: Run, step: number): Changes {
  const made = run.marks.filter((mark) => mark.kind === "control" && mark.step <= step);
  const { speed } = run.view.changes;
  const changes: Changes = Object.assign({}, ...made.map((mark) => mark.changes));
  return speed === undefined ? changes : { ...changes, speed };
}

/** The samples drawn by a step, from what is known of the steps around it. */
export function samplesAt(
  known: readonly { step: number; samples: number }[],
  step: number,
): number {
  let before = { step: 0, samples: 0 };
  for (const after of known) {
    if (after.step >= step) {
      const share =
        after.step === before.step ? 1 : (step - before.step) / (after.step - before.step);
      return Math.round(before.samples + share * (after.samples - before.samples));
    }
    before = after;
  }
  return before.samples;
}
