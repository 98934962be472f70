import { readFloat } from "../run/series";
import type { SettingBand } from "../wire/sweeps";

/** A point of a setting's course: the mean of its seeds, and between which ends they lie. */
export interface BandPoint {
  step: number;
  mean: number;
  min: number;
  max: number;
}

export interface Course {
  setting: number;
  points: readonly BandPoint[];
}

/** The courses of all settings; what was infinite or no number is left out of a line. */
export function coursesOf(bands: readonly SettingBand[]): Course[] {
  return bands.map(({ setting, columns: { step, mean, min, max } }) => ({
    setting,
    points: step.flatMap((each, row) => {
      const point = {
        step: each,
        mean: readFloat(mean[row]),
        min: readFloat(min[row]),
        max: readFloat(max[row]),
      };
      return Number.isFinite(point.mean) ? [point] : [];
    }),
  }));
}

/** The ends that hold all courses; a few that were lost do not press the others flat. */
export function heightsOf(courses: readonly Course[]): { low: number; high: number } | null {
  const means = courses.flatMap(({ points }) => points.map(({ mean }) => mean)).sort(rising);
  const low = means[0];
  const high = means[Math.floor((means.length - 1) * 0.98)];
  return low === undefined || high === undefined ? null : { low, high };
}

export function lastStep(courses: readonly Course[]): number {
  return courses.reduce((most, { points }) => Math.max(most, points.at(-1)?.step ?? 0), 0);
}

/** The outline of a band, along its upper edge and back along its lower one. */
export function outlineOf(
  { points }: Course,
  x: (step: number) => number,
  y: (value: number) => number,
): { x: number; y: number }[] {
  const upper = points.map(({ step, max }) => ({ x: x(step), y: y(max) }));
  const lower = points.map(({ step, min }) => ({ x: x(step), y: y(min) }));
  return [...upper, ...lower.reverse()];
}

function rising(first: number, second: number): number {
  return first - second;
}
