/** Where the present stands on the track; the rest is the future. */
const LIVE = 0.92;
const LEFT = 6;

/** The axis of a track: from the untrained net to the step of the present. */
export interface Axis {
  now: number;
  width: number;
  logarithmic: boolean;
}

/** The place of a step, logarithmic in 1 + step or linear, the present at 92 %. */
export function place(step: number, { now, width, logarithmic }: Axis): number {
  const end = width * LIVE;
  if (now <= 0) return step <= 0 ? LEFT : end;
  const share = logarithmic ? Math.log1p(step) / Math.log1p(now) : step / now;
  return LEFT + (end - LEFT) * share;
}

/** The step at a place; what lies beyond the present is the present. */
export function stepAt(x: number, { now, width, logarithmic }: Axis): number {
  const share = Math.max(0, Math.min(1, (x - LEFT) / (width * LIVE - LEFT)));
  return Math.round(logarithmic ? Math.expm1(share * Math.log1p(now)) : share * now);
}

/** Whether a place lies so near to the present that the present is meant. */
export function isLive(x: number, { width }: Axis): boolean {
  return x > width * LIVE - 3;
}

/** Steps to be written under the track, none closer to the next than `room`. */
export function ticks(axis: Axis, room: number): number[] {
  const candidates = axis.logarithmic ? decades(axis.now) : tenths(axis.now);
  const end = place(axis.now, axis);
  let before = -Infinity;
  return candidates.filter((step) => {
    const x = place(step, axis);
    if (x - before < room || end - x < room) return false;
    before = x;
    return true;
  });
}

function decades(now: number): number[] {
  const count = Math.max(0, Math.ceil(Math.log10(now || 1)));
  return [0, ...Array.from({ length: count }, (_, power) => 10 ** power)].filter(
    (step) => step === 0 || (step < now && step > 1),
  );
}

/** 0 and multiples of 1, 2 or 5 times a power of ten, at most ten of them. */
function tenths(now: number): number[] {
  const rough = Math.max(1, now / 10);
  const power = 10 ** Math.floor(Math.log10(rough));
  const gap = [1, 2, 5, 10].map((digit) => digit * power).find((size) => size >= rough) ?? rough;
  return Array.from({ length: Math.floor(now / gap) + 1 }, (_, at) => at * gap);
}
