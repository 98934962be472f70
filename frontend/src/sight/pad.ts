import { sizeOf } from "../layers/turn";

/** A place on the pad, both coordinates from 0 to 1. */
export interface Dot {
  x: number;
  y: number;
}

export type Stroke = readonly Dot[];

// The digits of the data were bitmaps, counted in blocks of 4 × 4 cells for one pixel.
const FINE = 4;
// In nearly every one of them 30 % of the cells are ink, so the pen is as wide as that takes,
// between the finest and the widest one found there, as shares of the height.
const INK = 0.3;
const FINEST = 2 / 32;
const WIDEST = 4.5 / 32;
// Smaller drawings are not enlarged to the whole height: they are a dot or a slip of the hand.
const SMALLEST = 0.05;

/**
 * What a net reads of strokes, made as its data was: centred, scaled to fill the bitmap, then the
 * share of ink in each block. Null for a shape that is no single grey picture, or without ink.
 */
export function inkOf(strokes: readonly Stroke[], shape: readonly number[]): Float32Array | null {
  const [channels, height = 0, width = 0] = shape;
  if (channels !== 1 || shape.length !== 3 || !strokes.some(({ length }) => length)) return null;
  const [rows, columns] = [height * FINE, width * FINE];
  const distances = distancesTo(fitted(strokes, columns, rows), columns, rows);
  const pen = penFor(distances, rows);
  const shares = new Float32Array(sizeOf(shape));
  for (const [at, distance] of distances.entries()) {
    if (distance > pen) continue;
    const row = Math.floor(at / columns / FINE);
    const cell = row * width + Math.floor((at % columns) / FINE);
    shares[cell] = (shares[cell] ?? 0) + 1 / FINE ** 2;
  }
  return shares;
}

/** Half the width of the pen, in cells. */
function penFor(distances: Float32Array, rows: number): number {
  const nearest = distances.toSorted()[Math.round(distances.length * INK)] ?? 0;
  return Math.max(FINEST * rows, Math.min(WIDEST * rows, nearest));
}

/** The strokes in cells of the bitmap: as large as fits with the finest pen, in the middle. */
function fitted(strokes: readonly Stroke[], columns: number, rows: number): Stroke[] {
  const dots = strokes.flat();
  const [left, right] = range(dots.map(({ x }) => x));
  const [top, bottom] = range(dots.map(({ y }) => y));
  const margin = 2 * FINEST * rows;
  const scale = Math.min(
    (columns - margin) / Math.max(right - left, SMALLEST),
    (rows - margin) / Math.max(bottom - top, SMALLEST),
  );
  return strokes.map((stroke) =>
    stroke.map(({ x, y }) => ({
      x: columns / 2 + (x - (left + right) / 2) * scale,
      y: rows / 2 + (y - (top + bottom) / 2) * scale,
    })),
  );
}

function range(numbers: readonly number[]): [number, number] {
  return [Math.min(...numbers), Math.max(...numbers)];
}

/** How far the middle of each cell is from the strokes, row by row. */
function distancesTo(strokes: readonly Stroke[], columns: number, rows: number): Float32Array {
  const distances = new Float32Array(columns * rows).fill(Infinity);
  for (const stroke of strokes) {
    for (const [at, to] of stroke.entries()) {
      const from = stroke[Math.max(0, at - 1)] ?? to;
      for (let cell = 0; cell < distances.length; cell++) {
        const [x, y] = [(cell % columns) + 0.5, Math.floor(cell / columns) + 0.5];
        const before = distances[cell] ?? Infinity;
        distances[cell] = Math.min(before, distance(from, to, x, y));
      }
    }
  }
  return distances;
}

/** From a point to the line between two dots. */
function distance(from: Dot, to: Dot, x: number, y: number): number {
  const [right, down] = [to.x - from.x, to.y - from.y];
  const length = right * right + down * down;
  const along = length ? ((x - from.x) * right + (y - from.y) * down) / length : 0;
  const share = Math.max(0, Math.min(1, along));
  const [across, below] = [x - from.x - share * right, y - from.y - share * down];
  // Many times as fast as Math.hypot, and a long drawing asks for it a million times.
  return Math.sqrt(across * across + below * below);
}
