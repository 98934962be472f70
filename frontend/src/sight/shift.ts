import type { Own } from "../page/state";

/** A picture [C, H, W] moved by whole pixels; nothing comes in from beyond its border. */
export function shifted(
  values: Float32Array,
  shape: readonly number[],
  right: number,
  down: number,
): Float32Array {
  const [, height = 1, width = 1] = shape;
  const moved = new Float32Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const x = (at % width) + right;
    const y = (Math.floor(at / width) % height) + down;
    if (x < 0 || x >= width || y < 0 || y >= height) continue;
    moved[at + down * width + right] = values[at] ?? 0;
  }
  return moved;
}

/** The sample moved so far; null where it is back in its place. */
export function ownShift(
  base: Float32Array,
  shape: readonly number[],
  right: number,
  down: number,
): Own | null {
  const [, height = 1, width = 1] = shape;
  const within = (moves: number, side: number): number => Math.max(-side, Math.min(side, moves));
  const [across, along] = [within(right, width), within(down, height)];
  if (!across && !along) return null;
  const values = shifted(base, shape, across, along);
  return { from: "sample", values, right: across, down: along };
}

/** ‖after − before‖ / ‖before‖: 0 for what stayed, 1 for what changed as much as it was. */
export function difference(before: Float32Array, after: Float32Array): number {
  let moved = 0;
  let was = 0;
  for (let at = 0; at < before.length; at++) {
    moved += ((after[at] ?? 0) - (before[at] ?? 0)) ** 2;
    was += (before[at] ?? 0) ** 2;
  }
  return was > 0 ? Math.sqrt(moved / was) : Number(moved > 0);
}
