import type { TermsSum } from "../linear/terms";
import { sidesOf, sizeOf, type Tensor, type Turn } from "../turn";

/** The axes in another order. */
export function forwardPermute({ layer, inputs }: Turn): Float32Array | null {
  const [input] = inputs;
  const axes = layer.fields["axes"];
  if (!input || !Array.isArray(axes)) return null;
  const strides = input.shape.map((_, axis) => sizeOf(input.shape.slice(axis + 1)));
  const order = axes.map(Number);
  return Float32Array.from({ length: input.values.length }, (_, at) => {
    let [rest, from] = [at, 0];
    for (let axis = order.length - 1; axis >= 0; axis--) {
      const side = layer.output[axis] ?? 1;
      from += (rest % side) * (strides[order[axis] ?? 0] ?? 0);
      rest = Math.floor(rest / side);
    }
    return input.values[from] ?? 0;
  });
}

/** One slice of an axis. */
export function forwardSelect({ layer, inputs }: Turn): Float32Array | null {
  const [input] = inputs;
  if (!input) return null;
  const axis = Number(layer.fields["axis"] ?? 0);
  const side = input.shape[axis] ?? 1;
  const written = Number(layer.fields["index"] ?? 0);
  const index = written < 0 ? written + side : written;
  const each = sizeOf(input.shape.slice(axis + 1));
  return Float32Array.from({ length: input.values.length / side }, (_, at) => {
    const [row, rest] = [Math.floor(at / each), at % each];
    return input.values[(row * side + index) * each + rest] ?? 0;
  });
}

/** Cells of one value around a line or a picture, and whole channels of it. */
export function forwardPad({ layer, inputs }: Turn): Float32Array | null {
  const [input] = inputs;
  if (!input) return null;
  const { channels, sides, value } = layer.fields;
  const added = [channels, ...(Array.isArray(sides) ? sides : [])];
  const before = added.map((both) => (Array.isArray(both) ? Number(both[0] ?? 0) : 0));
  const filling = Number(value ?? 0);
  return Float32Array.from({ length: sizeOf(layer.output) }, (_, at) => {
    let [rest, from, stride] = [at, 0, 1];
    for (let axis = layer.output.length - 1; axis >= 0; axis--) {
      const side = layer.output[axis] ?? 1;
      const place = (rest % side) - (before[axis] ?? 0);
      const inner = input.shape[axis] ?? 1;
      if (place < 0 || place >= inner) return filling;
      from += place * stride;
      stride *= inner;
      rest = Math.floor(rest / side);
    }
    return input.values[from] ?? 0;
  });
}

/** A larger picture: cells repeated, or blended with the corners of cells on corners. */
export function forwardUpsample({ layer, inputs }: Turn): Float32Array | null {
  const [input] = inputs;
  if (input?.shape.length !== 3) return null;
  const [channels, height, width] = sidesOf(input);
  const [, rows = 1, columns = 1] = layer.output;
  const blends = layer.fields["mode"] === "bilinear";
  const across = weighed(columns, width, blends);
  const down = weighed(rows, height, blends);
  const answers = new Float32Array(channels * rows * columns);
  let at = 0;
  for (let channel = 0; channel < channels; channel++) {
    const cell = (y: number, x: number): number =>
      input.values[(channel * height + y) * width + x] ?? 0;
    for (const [top, bottom, low] of down) {
      for (const [left, right, near] of across) {
        const upper = cell(top, left) * (1 - near) + cell(top, right) * near;
        const lower = cell(bottom, left) * (1 - near) + cell(bottom, right) * near;
        answers[at++] = upper * (1 - low) + lower * low;
      }
    }
  }
  return answers;
}

/** The four cells between which one of a blended picture lies, each with its share. */
export function blendSum(
  [, rows = 1, columns = 1]: readonly number[],
  input: Tensor,
  unit: number,
  [row, column]: readonly [number, number],
): TermsSum {
  const [, height, width] = sidesOf(input);
  const [top = 0, bottom = 0, low = 0] = weighed(rows, height, true)[row] ?? [];
  const [left = 0, right = 0, near = 0] = weighed(columns, width, true)[column] ?? [];
  const corners = [
    { y: top, x: left, weight: (1 - low) * (1 - near) },
    { y: top, x: right, weight: (1 - low) * near },
    { y: bottom, x: left, weight: low * (1 - near) },
    { y: bottom, x: right, weight: low * near },
  ];
  const products = corners
    .filter(({ weight }) => weight > 0)
    .map(({ y, x, weight }) => {
      const from = (unit * height + y) * width + x;
      return { from, weight, value: input.values[from] ?? 0 };
    });
  const total = products.reduce((sum, { weight, value }) => sum + weight * value, 0);
  return { kind: "terms", products, left: 0, bias: null, total };
}

/** For each cell of an axis the two that it lies between, and its way from the first to the second. */
function weighed(cells: number, sources: number, blends: boolean): [number, number, number][] {
  return Array.from({ length: cells }, (_, at) => {
    if (!blends) {
      const from = Math.floor((at * sources) / cells);
      return [from, from, 0];
    }
    const place = Math.max(0, ((at + 0.5) * sources) / cells - 0.5);
    const from = Math.min(sources - 1, Math.floor(place));
    return [from, Math.min(sources - 1, from + 1), place - from];
  });
}
