import type { PictureArray } from "../wire/frame";

const WIDTH = 2;

type Value = (row: number, column: number) => number;

/** Draws the line along which a signed field crosses zero (marching squares). */
export function drawContour(
  context: CanvasRenderingContext2D,
  field: PictureArray,
  index: number,
  size: number,
  colour: string,
): void {
  const side = field.shape[1] ?? 1;
  const start = index * side * side;
  const value: Value = (row, column) => field.values[start + row * side + column] ?? 0;
  context.beginPath();
  eachCell(side, (row, column) => traceCell(context, value, row, column, size / side));
  stroke(context, colour);
}

/** Draws the lines along which another class becomes the likeliest. */
export function drawBorders(
  context: CanvasRenderingContext2D,
  field: PictureArray,
  size: number,
  colour: string,
): void {
  const [classes = 1, side = 1] = field.shape;
  const winners = winnersOf(field);
  context.beginPath();
  eachCell(side, (row, column) => {
    const at = row * side + column;
    const corners = [at, at + 1, at + side, at + side + 1].map((place) => winners[place] ?? 0);
    // Of two classes one line is the border of both.
    const here = [...new Set(corners)].slice(1);
    for (const label of here) {
      const lead: Value = (i, j) => leadOf(field.values, classes, side * side, i * side + j, label);
      traceCell(context, lead, row, column, size / side);
    }
  });
  stroke(context, colour);
}

/** The likeliest class at each place. */
export function winnersOf({ values, shape }: PictureArray): Uint8Array {
  const classes = shape[0] ?? 1;
  const places = values.length / classes;
  const winners = new Uint8Array(places);
  for (let place = 0; place < places; place++) {
    for (let label = 1; label < classes; label++) {
      const best = (winners[place] as number) * places + place;
      const other = label * places + place;
      if ((values[other] as number) > (values[best] as number)) winners[place] = label;
    }
  }
  return winners;
}

/** By how much a class is ahead of the best of the others; negative where it is behind. */
function leadOf(
  values: Float32Array,
  classes: number,
  places: number,
  place: number,
  label: number,
): number {
  let rival = -Infinity;
  for (let other = 0; other < classes; other++) {
    if (other !== label) rival = Math.max(rival, values[other * places + place] ?? 0);
  }
  return (values[label * places + place] ?? 0) - rival;
}

function eachCell(side: number, trace: (row: number, column: number) => void): void {
  for (let row = 0; row < side - 1; row++) {
    for (let column = 0; column < side - 1; column++) trace(row, column);
  }
}

function stroke(context: CanvasRenderingContext2D, colour: string): void {
  context.strokeStyle = colour;
  context.lineWidth = WIDTH;
  context.lineCap = "round";
  context.stroke();
}

function traceCell(
  context: CanvasRenderingContext2D,
  value: Value,
  row: number,
  column: number,
  cell: number,
): void {
  const corners = [
    [row, column],
    [row, column + 1],
    [row + 1, column + 1],
    [row + 1, column],
  ] as const;
  const crossings: [number, number][] = [];
  for (let edge = 0; edge < 4; edge++) {
    const [fromRow, fromColumn] = corners[edge] as readonly [number, number];
    const [toRow, toColumn] = corners[(edge + 1) % 4] as readonly [number, number];
    const from = value(fromRow, fromColumn);
    const to = value(toRow, toColumn);
    if (from < 0 === to < 0) continue;
    const share = from / (from - to);
    const x = (fromColumn + 0.5 + (toColumn - fromColumn) * share) * cell;
    const y = (fromRow + 0.5 + (toRow - fromRow) * share) * cell;
    crossings.push([x, y]);
  }
  for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
    context.moveTo(...(crossings[pair] as [number, number]));
    context.lineTo(...(crossings[pair + 1] as [number, number]));
  }
}
