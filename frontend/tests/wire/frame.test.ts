import { encode } from "@msgpack/msgpack";
import { expect, test } from "vitest";

import { arrayOf, decodeFrame } from "../../src/wire/frame";

function frame(arrays: object[], body: Uint8Array): ArrayBuffer {
  const fields = { v: 1, run: "run_1", probe: "ab", kind: "units", step: 7, epoch: 2, meta: {} };
  const head = encode({ ...fields, arrays });
  const bytes = new Uint8Array(4 + head.length + body.length);
  new DataView(bytes.buffer).setUint32(0, head.length, true);
  bytes.set(head, 4);
  bytes.set(body, 4 + head.length);
  return bytes.buffer;
}

test("bytes are spread between low and high", () => {
  const array = { name: "a", shape: [3], dtype: "u8", offset: 0, low: -1, high: 1 };
  const picture = decodeFrame(frame([array], Uint8Array.of(0, 51, 255)));
  expect(picture.step).toBe(7);
  expect([...picture.arrays[0]!.values]).toEqual([-1, expect.closeTo(-0.6, 6), 1]);
});

test("each index of the first axis may have its own range", () => {
  const array = { name: "a", shape: [2, 2], dtype: "u8", offset: 0, low: [0, 10], high: [1, 20] };
  const picture = decodeFrame(frame([array], Uint8Array.of(0, 255, 0, 255)));
  expect([...picture.arrays[0]!.values]).toEqual([0, 1, 10, 20]);
});

test("halves widen to the numbers they stand for", () => {
  const halves = Uint16Array.of(0x3c00, 0xc000, 0x3555, 0x0001, 0x7c00, 0xfc00, 0x7e00);
  const array = { name: "w", shape: [7], dtype: "f2", offset: 0 };
  const values = decodeFrame(frame([array], new Uint8Array(halves.buffer))).arrays[0]!.values;
  const third = 0.333251953125;
  expect([...values]).toEqual([1, -2, third, 2 ** -24, Infinity, -Infinity, NaN]);
});

test("floats and whole numbers are read at their offsets, however the head is aligned", () => {
  const body = new Uint8Array(12);
  const view = new DataView(body.buffer);
  view.setFloat32(0, 0.5, true);
  view.setInt32(4, -3, true);
  view.setInt32(8, 40, true);
  const arrays = [
    { name: "f", shape: [1], dtype: "f4", offset: 0 },
    { name: "i", shape: [2], dtype: "i4", offset: 4 },
  ];
  const picture = decodeFrame(frame(arrays, body));
  expect([...arrayOf(picture, "f")!.values]).toEqual([0.5]);
  expect([...arrayOf(picture, "i")!.values]).toEqual([-3, 40]);
});

test("an array that reaches beyond the body is refused", () => {
  const array = { name: "f", shape: [4], dtype: "u8", offset: 0, low: 0, high: 1 };
  expect(() => decodeFrame(frame([array], new Uint8Array(1)))).toThrow(RangeError);
});
