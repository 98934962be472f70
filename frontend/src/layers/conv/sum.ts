import { arrayOf, type Picture } from "../../wire/frame";
import type { PlannedLayer } from "../../wire/plan";
import { sidesOf, type Tensor } from "../turn";
import { firstChannel, kernelsOf } from "./forward";
import { cornerOf, type Window, windowOf } from "./window";

/** One source map under the kernel: cells in row-major order, null where the padding lies. */
export interface Part {
  /** The source map by its index. */
  channel: number;
  patch: (number | null)[];
  kernel: number[];
  /** Sum of their products. */
  total: number;
}

/** How one pixel of a convolution came to be: patch · kernel over all maps it reads, and a bias. */
export interface PatchSum {
  kind: "patch";
  size: readonly [height: number, width: number];
  parts: Part[];
  /** How many more there are, too many to be listed. */
  left?: number;
  bias: number;
  total: number;
}

/** The sum behind the pixel at `row` and `column` of a filter's map; null without its weights. */
export function patchSum(
  layer: PlannedLayer,
  input: Tensor,
  weights: Picture,
  filter: number,
  [row, column]: readonly [number, number],
): PatchSum | null {
  const kernels = kernelsOf(layer, weights);
  const depth = kernels?.shape[1];
  if (!kernels || !depth) return null;
  const window = windowOf(layer, input.shape);
  const cells = window.size[0] * window.size[1];
  const first = firstChannel(filter, layer.output[0] ?? 1, input.shape[0] ?? 1, depth);
  const parts = Array.from({ length: depth }, (_, index): Part => {
    const start = (filter * depth + index) * cells;
    const kernel = [...kernels.values.subarray(start, start + cells)];
    const patch = patchOf(input, window, first + index, row, column);
    const total = kernel.reduce((sum, weight, at) => sum + weight * (patch[at] ?? 0), 0);
    return { channel: first + index, patch, kernel, total };
  });
  const bias = arrayOf(weights, `${layer.name}.bias`)?.values[filter] ?? 0;
  const total = parts.reduce((sum, part) => sum + part.total, bias);
  return { kind: "patch", size: window.size, parts, bias, total };
}

/** The part that adds or takes most. */
export function strongest({ parts }: PatchSum): Part | undefined {
  return parts.reduce<Part | undefined>(
    (most, part) => (most && Math.abs(most.total) >= Math.abs(part.total) ? most : part),
    undefined,
  );
}

/** The cells under a window at one place; null on padding. */
export function patchOf(
  input: Tensor,
  window: Window,
  channel: number,
  row: number,
  column: number,
): (number | null)[] {
  const [, height, width] = sidesOf(input);
  const [top, left] = cornerOf(window, row, column);
  return Array.from({ length: window.size[0] * window.size[1] }, (_, cell) => {
    const y = top + Math.floor(cell / window.size[1]) * window.dilation[0];
    const x = left + (cell % window.size[1]) * window.dilation[1];
    if (y < 0 || y >= height || x < 0 || x >= width) return null;
    return input.values[(channel * height + y) * width + x] ?? 0;
  });
}
