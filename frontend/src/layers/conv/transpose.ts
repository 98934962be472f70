import type { Json } from "../../wire/plan";
import { arrayOf } from "../../wire/frame";
import { sidesOf, type Turn } from "../turn";
import { windowOf } from "./window";

/** Transposed convolution: every cell is spread over a window, the border is cut off. */
export function forwardTranspose({ layer, weights, inputs }: Turn): Float32Array | null {
  const [input] = inputs;
  const kernels = arrayOf(weights, `${layer.name}.weight`);
  if (!input || !kernels) return null;
  const [channels, height, width] = sidesOf(input);
  const [filters, rows, columns] = sidesOf({ shape: layer.output, values: input.values });
  const { size, stride, dilation } = windowOf(layer, input.shape);
  const cuts = ([0, 1] as const).map((axis) => {
    const written = layer.output.length === 2 ? axis - 1 : axis;
    return cutBefore(layer.fields["padding"], written, {
      reach: dilation[axis] * (size[axis] - 1) + 1,
      stride: stride[axis],
    });
  });
  const [top = 0, left = 0] = layer.output.length === 2 ? [0, cuts[1]] : cuts;
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
