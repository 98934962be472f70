import type { Json, PlannedLayer } from "../../wire/plan";
import { arrayOf, type Picture } from "../../wire/frame";
import { sidesOf, type Tensor, type Turn } from "../turn";
import type { Part, PatchSum } from "./sum";
import { windowOf } from "./window";

/** Transposed convolution: every cell is spread over a window, the border is cut off. */
export function forwardTranspose({ layer, weights, inputs }: Turn): Float32Array | null {
  const [input] = inputs;
  const kernels = arrayOf(weights, `${layer.name}.weight`);
  if (!input || !kernels) return null;
  const [channels, height, width] = sidesOf(input);
  const [filters, rows, columns] = sidesOf({ shape: layer.output, values: input.values });
  const { size, stride, dilation } = windowOf(layer, input.shape);
  const [top, left] = cutsOf(layer, input);
  const depth = kernels.shape[1] ?? 1;
  const bias = arrayOf(weights, `${layer.name}.bias`)?.values;
  const each = rows * columns;
  const sums = Float32Array.from({ length: filters * each }, (_, at) => {
    return bias?.[Math.floor(at / each)] ?? 0;
  });
  const perGroup = channels / (filters / depth);
  for (let channel = 0; channel < channels; channel++) {
    const first = Math.floor(channel / perGroup) * depth;
    for (let cell = 0; cell < height * width; cell++) {
      const value = input.values[channel * height * width + cell] ?? 0;
      const y = Math.floor(cell / width) * stride[0] - top;
      const x = (cell % width) * stride[1] - left;
      for (let at = 0; at < depth * size[0] * size[1]; at++) {
        const row = y + (Math.floor(at / size[1]) % size[0]) * dilation[0];
        const column = x + (at % size[1]) * dilation[1];
        if (row < 0 || row >= rows || column < 0 || column >= columns) continue;
        const filter = first + Math.floor(at / (size[0] * size[1]));
        const target = filter * each + row * columns + column;
        const weight = kernels.values[channel * depth * size[0] * size[1] + at] ?? 0;
        sums[target] = (sums[target] ?? 0) + value * weight;
      }
    }
  }
  return sums;
}

/** Which cells were spread over one of the output, each under the weight that took it there. */
export function transposedSum(
  layer: PlannedLayer,
  input: Tensor,
  weights: Picture,
  filter: number,
  [row, column]: readonly [number, number],
): PatchSum | null {
  const kernels = arrayOf(weights, `${layer.name}.weight`);
  if (!kernels) return null;
  const [channels, height, width] = sidesOf(input);
  const { size, stride, dilation } = windowOf(layer, input.shape);
  const [top, left] = cutsOf(layer, input);
  const cells = size[0] * size[1];
  const depth = kernels.shape[1] ?? 1;
  const perGroup = channels / ((layer.output[0] ?? 1) / depth);
  const first = Math.floor(filter / depth) * perGroup;
  const parts = Array.from({ length: perGroup }, (_, index): Part => {
    const channel = first + index;
    const start = (channel * depth + (filter % depth)) * cells;
    const kernel = [...kernels.values.subarray(start, start + cells)];
    const patch = kernel.map((_, cell) => {
      const y = (row + top - Math.floor(cell / size[1]) * dilation[0]) / stride[0];
      const x = (column + left - (cell % size[1]) * dilation[1]) / stride[1];
      const inside = Number.isInteger(y) && Number.isInteger(x) && y >= 0 && x >= 0;
      if (!inside || y >= height || x >= width) return null;
      return input.values[(channel * height + y) * width + x] ?? 0;
    });
    const total = kernel.reduce((sum, weight, at) => sum + weight * (patch[at] ?? 0), 0);
    return { channel, patch, kernel, total };
  });
  const bias = arrayOf(weights, `${layer.name}.bias`)?.values[filter] ?? 0;
  const total = parts.reduce((sum, part) => sum + part.total, bias);
  return { kind: "patch", size, parts, bias, total };
}

/** Cells that are cut off above and left of the full output. */
function cutsOf(layer: PlannedLayer, input: Tensor): [top: number, left: number] {
  const { size, stride, dilation } = windowOf(layer, input.shape);
  const flat = layer.output.length === 2;
  const [top = 0, left = 0] = ([0, 1] as const).map((axis) =>
    cutBefore(layer.fields["padding"], flat ? axis - 1 : axis, {
      reach: dilation[axis] * (size[axis] - 1) + 1,
      stride: stride[axis],
    }),
  );
  return [flat ? 0 : top, left];
}

/** Cells that are cut off before the full output; `same` leaves the odd one behind. */
function cutBefore(
  padding: Json | undefined,
  axis: number,
  { reach, stride }: { reach: number; stride: number },
): number {
  if (Array.isArray(padding)) return Number(padding[axis] ?? 0);
  if (typeof padding === "number") return padding;
  if (padding === "symmetric") return Math.floor((reach - 1) / 2);
  return padding === "same" ? Math.floor(Math.max(0, reach - stride) / 2) : 0;
}
