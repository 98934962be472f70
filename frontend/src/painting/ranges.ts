import type { Scale } from "../page/state";
import type { Picture, PictureArray } from "../wire/frame";
import type { Range } from "./atlas";

/** Greatest absolute value of each picture of an array [N, …]. */
export function peaks(array: PictureArray): number[] {
  const count = array.shape[0] ?? 1;
  const each = array.values.length / Math.max(1, count);
  return Array.from({ length: count }, (_, index) =>
    peakOf(array.values, index * each, (index + 1) * each),
  );
}

/** Symmetric ranges, by unit, by layer or over the whole picture; zero stays paper. */
export function signedRanges(array: PictureArray, picture: Picture, scale: Scale): Range[] {
  const own = peaks(array);
  if (scale === "unit") return own.map(symmetric);
  const limit = scale === "layer" ? Math.max(...own) : networkPeak(picture);
  return own.map(() => symmetric(limit));
}

export function symmetric(limit: number): Range {
  const bound = limit > 0 && Number.isFinite(limit) ? limit : 1;
  return [-bound, bound];
}

function networkPeak(picture: Picture): number {
  return Math.max(...picture.arrays.flatMap(peaks));
}

function peakOf(values: Float32Array, start: number, end: number): number {
  let peak = 0;
  for (let index = start; index < end; index++) {
    const size = Math.abs(values[index] ?? 0);
    if (size > peak && size < Infinity) peak = size;
  }
  return peak;
}
