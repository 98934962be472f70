import type { Picture } from "../wire/frame";
import type { PlannedLayer } from "../wire/plan";

/** Numbers in row-major order under a shape, without a batch axis: [C, H, W] or [units]. */
export interface Tensor {
  shape: readonly number[];
  values: Float32Array;
}

/** One layer's turn in a forward pass: what it is, its weights, and what it reads. */
export interface Turn {
  layer: PlannedLayer;
  weights: Picture;
  inputs: readonly Tensor[];
}

/** What a layer gives before its activation; null where that cannot be computed here. */
export type Forward = (turn: Turn) => Float32Array | null;

/** Channels, height and width of a picture; a line is a picture one cell high. */
export function sidesOf({ shape }: Tensor): [channels: number, height: number, width: number] {
  if (shape.length === 2) return [shape[0] ?? 1, 1, shape[1] ?? 1];
  return [shape[0] ?? 1, shape[1] ?? 1, shape[2] ?? 1];
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}
