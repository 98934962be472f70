import { decode } from "@msgpack/msgpack";

import { widenHalves } from "./half";
import type { FrameArray, FrameHead } from "./types";

/** One array of a picture: values in row-major order under `shape`. */
export interface PictureArray {
  name: string;
  shape: number[];
  values: Float32Array;
}

/** A decoded frame: what one probe showed at one step. */
export interface Picture {
  run: string | null;
  probe: string;
  kind: FrameHead["kind"];
  step: number;
  epoch: number;
  meta: Record<string, unknown>;
  arrays: PictureArray[];
}

const HEAD_LENGTH_BYTES = 4;

/**
 * Reads a frame: u32 little-endian head length, msgpack head, body.
 * @throws RangeError where an array reaches beyond the body.
 */
export function decodeFrame(bytes: ArrayBuffer): Picture {
  const headLength = new DataView(bytes).getUint32(0, true);
  const bodyStart = HEAD_LENGTH_BYTES + headLength;
  const head = decode(new Uint8Array(bytes, HEAD_LENGTH_BYTES, headLength)) as FrameHead;
  return {
    run: head.run,
    probe: head.probe,
    kind: head.kind,
    step: head.step,
    epoch: head.epoch,
    meta: head.meta ?? {},
    arrays: head.arrays.map((array) => readArray(array, bytes, bodyStart)),
  };
}

function readArray(array: FrameArray, bytes: ArrayBuffer, bodyStart: number): PictureArray {
  const length = array.shape.reduce((product, side) => product * side, 1);
  const start = bodyStart + array.offset;
  return { name: array.name, shape: array.shape, values: readValues(array, bytes, start, length) };
}

function readValues(
  array: FrameArray,
  bytes: ArrayBuffer,
  start: number,
  length: number,
): Float32Array {
  switch (array.dtype) {
    case "f4":
      return new Float32Array(bytes.slice(start, start + 4 * length));
    case "i4":
      return Float32Array.from(new Int32Array(bytes.slice(start, start + 4 * length)));
    case "f2":
      return widenHalves(new Uint16Array(bytes.slice(start, start + 2 * length)));
    default:
      return spreadBytes(array, new Uint8Array(bytes, start, length));
  }
}

/** `low + value / 255 · (high − low)`, with one range for all or one for each first index. */
function spreadBytes(array: FrameArray, bytes: Uint8Array): Float32Array {
  const values = new Float32Array(bytes.length);
  const rows = Array.isArray(array.low) ? array.low.length : 1;
  const width = bytes.length / Math.max(1, rows);
  for (let row = 0; row < rows; row++) {
    const low = pick(array.low, row, 0);
    const scale = (pick(array.high, row, 1) - low) / 255;
    const end = (row + 1) * width;
    for (let index = row * width; index < end; index++) {
      values[index] = low + (bytes[index] ?? 0) * scale;
    }
  }
  return values;
}

function pick(bound: number | number[] | null | undefined, row: number, otherwise: number): number {
  return (Array.isArray(bound) ? bound[row] : bound) ?? otherwise;
}

/** The array of a picture by name. */
export function arrayOf(picture: Picture | undefined, name: string): PictureArray | undefined {
  return picture?.arrays.find((array) => array.name === name);
}
