/** Where the present stands on the track; the rest is the future. */
const LIVE = 0.92;

export const TICKS: readonly number[] = [0, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];

/** The place of a step on a track that is logarithmic in 1 + step, the present at 92 %. */
export function place(step: number, now: number, width: number): number {
  if (now <= 0) return step <= 0 ? 6 : width * LIVE;
  return 6 + (width * LIVE - 6) * (Math.log1p(step) / Math.log1p(now));
}
