/** Where the present stands on the track; the rest is the future. */
const LIVE = 0.92;
const LEFT = 6;

/** The axis of a track: from the untrained net to the step of the present. */
export interface Axis {
  now: number;
  /** The last step that is to be seen, where another run went further than this one. */
  until?: number;
  width: number;
  logarithmic: boolean;
}

function lastOf({ now, until }: Axis): number {
  return Math.max(now, until ?? 0);
}

/** The place of a step, logarithmic in 1 + step or linear, the last one at 92 %. */
export function place(step: number, axis: Axis): number {
  const [end, last] = [axis.width * LIVE, lastOf(axis)];
  if (last <= 0) return step <= 0 ? LEFT : end;
  const share = axis.logarithmic ? Math.log1p(step) / Math.log1p(last) : step / last;
  return LEFT + (end - LEFT) * share;
}

/** The step at a place; what lies beyond the present is the present. */
export function stepAt(x: number, axis: Axis): number {
  const share = Math.max(0, Math.min(1, (x - LEFT) / (axis.width * LIVE - LEFT)));
  const last = lastOf(axis);
  const step = axis.logarithmic ? Math.expm1(share * Math.log1p(last)) : share * last;
  return Math.min(axis.now, Math.round(step));
}

/** Whether a place lies so near to the present that the present is meant. */
export function isLive(x: number, axis: Axis): boolean {
  return x > place(axis.now, axis) - 3;
}

/** Steps to be written under the track, none closer to the next than `room`. */
export function ticks(axis: Axis, room: number): number[] {
  const last = lastOf(axis);
  const candidates = axis.logarithmic ? decades(last) : tenths(last);
  const end = place(axis.now, axis);
  let before = -Infinity;
  return candidates.filter((step) => {
    const x = place(step, axis);
    if (x - before < room || Math.abs(end - x) < room) return false;
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
