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

/** Between which means all courses lie, at places evenly apart by the logarithm of the step. */
export function envelopeOf(
  courses: readonly Course[],
  places: number,
): { low: number; high: number }[] {
  const end = Math.log1p(lastStep(courses));
  return Array.from({ length: places }, (_, at) => {
    const step = Math.expm1((end * at) / Math.max(1, places - 1)) + 1e-6;
    const means = courses.flatMap(
      ({ points }) => points.findLast((point) => point.step <= step)?.mean ?? [],
    );
    return { low: Math.min(...means), high: Math.max(...means) };
  }).filter(({ low }) => Number.isFinite(low));
}

/** The outline of an envelope in a box, by the logarithm of the height; empty for too few places. */
export function envelopePath(
  envelope: readonly { low: number; high: number }[],
  width: number,
  height: number,
): string {
  const lows = envelope.map(({ low }) => Math.log(Math.max(1e-12, low)));
  const highs = envelope.map(({ high }) => Math.log(Math.max(1e-12, high)));
  if (envelope.length < 2) return "";
  const [bottom, top] = [Math.min(...lows), Math.max(...highs)];
  const at = (value: number, place: number): string => {
    const x = (width * place) / (envelope.length - 1);
    const y = height - (height * (value - bottom)) / (top - bottom || 1);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  };
  const upper = highs.map(at);
  const lower = lows.map(at).reverse();
  return `M${[...upper, ...lower].join("L")}Z`;
}
