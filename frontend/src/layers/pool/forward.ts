import type { PlannedLayer } from "../../wire/plan";
import { cornerOf, windowOf } from "../conv/window";
import { sidesOf, type Turn } from "../turn";

/** Largest value or mean of each window over the cells inside the picture; 0 on padding alone. */
export function forwardPool({ layer, inputs }: Turn): Float32Array | null {
  const [input] = inputs;
  if (!input) return null;
  const [channels, rows, columns] = sidesOf({ shape: layer.output, values: input.values });
  const window = windowOf(layer, input.shape);
  const [, height, width] = sidesOf(input);
  const answers = new Float32Array(channels * rows * columns);
  let at = 0;
  for (let channel = 0; channel < channels; channel++) {
    const plane = input.values.subarray(channel * height * width, (channel + 1) * height * width);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const [top, left] = cornerOf(window, row, column);
        const cells = inside(plane, width, {
          top: Math.max(0, top),
          left: Math.max(0, left),
          bottom: Math.min(height, top + window.size[0]),
          right: Math.min(width, left + window.size[1]),
        });
        answers[at++] = reduce(layer.type, cells);
      }
    }
  }
  return answers;
}

/** Largest value or mean of each whole map: [C, …] → [C]. */
export function forwardGlobalPool({ layer, inputs }: Turn): Float32Array | null {
  const [input] = inputs;
  const channels = input?.shape[0];
  if (!input || !channels || inputs.length > 1) return null; // a mask: the engine tells
  const each = input.values.length / channels;
  return Float32Array.from({ length: channels }, (_, channel) =>
    reduce(layer.type, [...input.values.subarray(channel * each, (channel + 1) * each)]),
  );
}

/** As many even windows as the output has cells. */
export function forwardAdaptive({ layer, inputs }: Turn): Float32Array | null {
  const [input] = inputs;
  if (input?.shape.length !== 3) return null;
  const [channels, height, width] = sidesOf(input);
  const [, rows = 1, columns = 1] = layer.output;
  return Float32Array.from({ length: channels * rows * columns }, (_, at) => {
    const start = Math.floor(at / (rows * columns)) * height * width;
    const plane = input.values.subarray(start, start + height * width);
    const place = at % (rows * columns);
    return reduce(layer.type, evenly(plane, layer, [height, width], place).cells);
  });
}

/** The cells of one even window, and its sides. */
export function evenly(
  plane: Float32Array,
  { output }: PlannedLayer,
  [height, width]: readonly [number, number],
  place: number,
): { cells: number[]; size: [height: number, width: number] } {
  const [, rows = 1, columns = 1] = output;
  const [row, column] = [Math.floor(place / columns), place % columns];
  const bounds = {
    top: Math.floor((row * height) / rows),
    left: Math.floor((column * width) / columns),
    bottom: Math.ceil(((row + 1) * height) / rows),
    right: Math.ceil(((column + 1) * width) / columns),
  };
  const size: [number, number] = [bounds.bottom - bounds.top, bounds.right - bounds.left];
  return { cells: inside(plane, width, bounds), size };
}

/** What a pool makes of the cells in its window. */
export function reduce(type: string, cells: readonly number[]): number {
  if (!cells.length) return 0;
  if (type.includes("max")) return Math.max(...cells);
  return cells.reduce((sum, cell) => sum + cell, 0) / cells.length;
}

interface Bounds {
  top: number;
  left: number;
  bottom: number;
  right: number;
}

function inside(plane: Float32Array, width: number, bounds: Bounds): number[] {
  const cells: number[] = [];
  for (let y = bounds.top; y < bounds.bottom; y++) {
    for (let x = bounds.left; x < bounds.right; x++) cells.push(plane[y * width + x] ?? 0);
  }
  return cells;
}
