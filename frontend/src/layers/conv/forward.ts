import { arrayOf, type Picture, type PictureArray } from "../../wire/frame";
import type { PlannedLayer } from "../../wire/plan";
import { sidesOf, sizeOf, type Tensor, type Turn } from "../turn";
import { cornerOf, type Window, windowOf } from "./window";

/** Cross-correlation [C, …] → [F, …'] with kernels [F, C / groups, …]; `flip` turns them round. */
export function forwardConv({ layer, weights, inputs }: Turn): Float32Array | null {
  const [input] = inputs;
  const kernels = kernelsOf(layer, weights);
  if (!input || !kernels) return null;
  const [filters, height, width] = sidesOf({ shape: layer.output, values: input.values });
  const bias = arrayOf(weights, `${layer.name}.bias`)?.values;
  const window = windowOf(layer, input.shape);
  const sums = new Float32Array(filters * height * width);
  let at = 0;
  for (let filter = 0; filter < filters; filter++) {
    const start = bias?.[filter] ?? 0;
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const corner = cornerOf(window, row, column);
        sums[at++] = start + product(input, kernels, filter, filters, window, corner);
      }
    }
  }
  return sums;
}

/** The kernels as they lie on the picture. */
export function kernelsOf(layer: PlannedLayer, weights: Picture): PictureArray | undefined {
  const kernels = arrayOf(weights, `${layer.name}.weight`);
  if (!kernels || layer.fields["flip"] !== true) return kernels;
  const cells = sizeOf(kernels.shape.slice(2));
  const turned = kernels.values.map(
    (_, at) => kernels.values[at - (at % cells) + cells - 1 - (at % cells)] ?? 0,
  );
  return { ...kernels, values: turned };
}

/** One kernel over the patch of the picture that begins at a corner. */
function product(
  input: Tensor,
  kernels: PictureArray,
  filter: number,
  filters: number,
  { size, dilation }: Window,
  [top, left]: readonly [number, number],
): number {
  const [channels, height, width] = sidesOf(input);
  const depth = kernels.shape[1] ?? 1;
  const first = firstChannel(filter, filters, channels, depth);
  let sum = 0;
  for (let channel = 0; channel < depth; channel++) {
    const plane = (first + channel) * height * width;
    const kernel = (filter * depth + channel) * size[0] * size[1];
    for (let v = 0; v < size[0]; v++) {
      const y = top + v * dilation[0];
      if (y < 0 || y >= height) continue;
      for (let u = 0; u < size[1]; u++) {
        const x = left + u * dilation[1];
        if (x < 0 || x >= width) continue;
        sum +=
          (input.values[plane + y * width + x] ?? 0) *
          (kernels.values[kernel + v * size[1] + u] ?? 0);
      }
    }
  }
  return sum;
}

/** The first source channel that a filter reads, of the group that it belongs to. */
export function firstChannel(
  filter: number,
  filters: number,
  channels: number,
  depth: number,
): number {
  return Math.floor((filter * (channels / depth)) / filters) * depth;
}
