import type { PictureArray } from "../wire/frame";
import { winnersOf } from "./contour";

// Each cell becomes 4 × 4: edges of the steps are then as smooth as the field between the cells.
const FINER = 4;
const BANDS = 4;

/** What the net decides at each place: a sign, a class (its share is 1), or a band of a value. */
export function discretized(
  field: PictureArray,
  limit: number,
  kind: "sign" | "class" | "band",
): PictureArray {
  const fine = refined(field);
  if (kind === "class") return { ...fine, values: decided(fine) };
  const step = (value: number): number =>
    kind === "sign" ? (value < 0 ? -limit : limit) : banded(value, limit);
  return { ...fine, values: fine.values.map(step) };
}

function banded(value: number, limit: number): number {
  return (Math.round((value / limit) * BANDS) * limit) / BANDS;
}

function decided(field: PictureArray): Float32Array {
  const winners = winnersOf(field);
  const shares = new Float32Array(field.values.length);
  for (let place = 0; place < winners.length; place++) {
    shares[(winners[place] as number) * winners.length + place] = 1;
  }
  return shares;
}

/** The field between its cells, by straight lines both ways. */
function refined({ name, shape, values }: PictureArray): PictureArray {
  const [count = 1, side = 1] = shape;
  const finer = side * FINER;
  const fine = new Float32Array(count * finer * finer);
  const places = Array.from({ length: finer }, (_, at) => between(at, side));
  for (let index = 0; index < count; index++) {
    const start = index * side * side;
    for (let row = 0; row < finer; row++) {
      const [top, bottom, down] = places[row] as Between;
      for (let column = 0; column < finer; column++) {
        const [left, right, across] = places[column] as Between;
        const at = (i: number, j: number): number => values[start + i * side + j] as number;
        const upper = at(top, left) * (1 - across) + at(top, right) * across;
        const lower = at(bottom, left) * (1 - across) + at(bottom, right) * across;
        fine[(index * finer + row) * finer + column] = upper * (1 - down) + lower * down;
      }
    }
  }
  return { name, shape: [count, finer, finer], values: fine };
}

type Between = readonly [first: number, second: number, share: number];

function between(at: number, side: number): Between {
  const place = Math.max(0, Math.min(side - 1, (at + 0.5) / FINER - 0.5));
  const first = Math.min(side - 1, Math.floor(place));
  return [first, Math.min(side - 1, first + 1), place - first];
}
