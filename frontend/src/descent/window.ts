import type { Pair } from "./two";

/** What of the plane of two numbers is in sight. */
export interface Window {
  low: Pair;
  high: Pair;
}

const NARROWEST = 0.5;
const WIDEST = 2 ** 19;
const MARGIN = 1.1;

/** Around 0, at rest while all places stay in it: each side doubles as one comes near it. */
export function windowOf(places: readonly Pair[]): Window {
  const [x, y] = [0, 1].map((axis) => halfOf(places.map((place) => place[axis] ?? 0))) as Pair;
  return { low: [-x, -y], high: [x, y] };
}

function halfOf(values: readonly number[]): number {
  const far = values.map(Math.abs).filter(Number.isFinite);
  const furthest = far.reduce((most, value) => Math.max(most, value), 0) * MARGIN;
  let half = NARROWEST;
  while (half < furthest && half < WIDEST) half *= 2;
  return half;
}

/** A place of the picture, both from 0 to 1, the origin at the upper left. */
export function placed([x, y]: Pair, { low, high }: Window): Pair {
  return [(x - low[0]) / (high[0] - low[0]), (high[1] - y) / (high[1] - low[1])];
}

/** The reverse: which numbers stand at a place of the picture. */
export function numbersAt([across, down]: Pair, { low, high }: Window): Pair {
  return [low[0] + across * (high[0] - low[0]), high[1] - down * (high[1] - low[1])];
}

/** The height of a grid of values at a place of the picture, between its four neighbours. */
export function heightAt(values: Float32Array, side: number, [across, down]: Pair): number {
  const [row, y] = cellOf(down, side);
  const [column, x] = cellOf(across, side);
  const at = (i: number, j: number): number => values[(row + i) * side + column + j] ?? NaN;
  const upper = at(0, 0) * (1 - x) + at(0, 1) * x;
  return upper * (1 - y) + (at(1, 0) * (1 - x) + at(1, 1) * x) * y;
}

function cellOf(share: number, side: number): Pair {
  const place = Math.max(0, Math.min(1, share)) * (side - 1);
  const cell = Math.min(side - 2, Math.floor(place));
  return [cell, place - cell];
}
