import { expect, test } from "vitest";

import { type Dot, inkOf } from "../../src/sight/pad";

const upright = [
  [
    { x: 0.5, y: 0.3 },
    { x: 0.5, y: 0.6 },
  ],
];
const ring = [
  Array.from({ length: 33 }, (_, at): Dot => {
    const angle = (at / 16) * Math.PI;
    return { x: 0.5 + 0.25 * Math.cos(angle), y: 0.5 + 0.35 * Math.sin(angle) };
  }),
];

test("a stroke is scaled to the height of the picture and stands in its middle", () => {
  const ink = inkOf(upright, [1, 8, 8]) ?? new Float32Array();
  const rows = Array.from({ length: 8 }, (_, row) => [...ink.slice(row * 8, row * 8 + 8)]);
  for (const row of rows) {
    expect(row[3]).toBeGreaterThan(0);
    expect(row[3]).toBeCloseTo(row[4] ?? NaN);
    expect(row[0]).toBe(0);
  }
});

test("where and how large it was drawn makes no difference", () => {
  const smaller = ring.map((stroke) => stroke.map(({ x, y }) => ({ x: x / 3, y: y / 3 + 0.1 })));
  const [one, other] = [inkOf(ring, [1, 8, 8]), inkOf(smaller, [1, 8, 8])];
  one?.forEach((share, cell) =>
    expect(Math.abs((other?.[cell] ?? NaN) - share)).toBeLessThan(0.13),
  );
});

test("a slip of the hand is not blown up to the whole height", () => {
  const slip = [
    [
      { x: 0.5, y: 0.5 },
      { x: 0.5, y: 0.501 },
    ],
  ];
  expect(
    inkOf(slip, [1, 8, 8])
      ?.slice(0, 16)
      .every((share) => share === 0),
  ).toBe(true);
});

test("ink is counted in sixteenths, as the digits of the data are", () => {
  const ink = inkOf(upright, [1, 8, 8]) ?? [];
  for (const share of ink) expect(share * 16).toBeCloseTo(Math.round(share * 16), 4);
});

test("a digit has as much ink as those of the data, about 19.5 of 64 pixels", () => {
  for (const strokes of [upright, ring]) {
    const ink = inkOf(strokes, [1, 8, 8])?.reduce((sum, share) => sum + share, 0);
    expect(ink).toBeGreaterThan(17);
    expect(ink).toBeLessThan(21);
  }
});

test("nothing drawn, or a picture in colour, is no input", () => {
  expect(inkOf([], [1, 8, 8])).toBeNull();
  expect(inkOf([[]], [1, 8, 8])).toBeNull();
  expect(inkOf(upright, [3, 8, 8])).toBeNull();
});
