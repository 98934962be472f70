import { INK_LOOKUP, type Theme } from "../colour/scales";
import { arrayOf, type Picture } from "../wire/frame";
import { Atlas } from "./atlas";
import { type Palette, PALETTES } from "./palette";

interface Frame {
  extent: number;
  size: number;
}

const RING = 2.5;
const DISC = 3;
// The longest arrow in pixels; the others keep their proportion to it.
const LONGEST = 28;
const SHORTEST = 3;
const BARB = 3;
const MOST_REAL = 400;
const COLUMNS = 8;
const GAP = 2;

/** Real samples of the plane as rings, as many as leave the field to be seen. */
export function drawReal(
  context: CanvasRenderingContext2D,
  samples: Picture,
  frame: Frame,
  palette: Palette,
): void {
  const inputs = arrayOf(samples, "inputs")?.values ?? [];
  const every = Math.max(1, Math.ceil(inputs.length / 2 / MOST_REAL));
  context.strokeStyle = palette.ink;
  context.lineWidth = 1;
  for (let at = 0; at < inputs.length / 2; at += every) {
    const [x, y] = placeOf(inputs[2 * at] ?? 0, inputs[2 * at + 1] ?? 0, frame);
    context.beginPath();
    context.arc(x, y, RING, 0, 2 * Math.PI);
    context.stroke();
  }
}

/** What was made of noise as discs, each with an arrow where its step would move it. */
export function drawGenerated(
  context: CanvasRenderingContext2D,
  picture: Picture,
  frame: Frame,
  palette: Palette,
): void {
  const points = arrayOf(picture, "generated")?.values ?? [];
  const pull = arrayOf(picture, "pull")?.values ?? [];
  const lengths = Array.from({ length: pull.length / 2 }, (_, at) =>
    Math.hypot(pull[2 * at] ?? 0, pull[2 * at + 1] ?? 0),
  );
  const scale = LONGEST / (Math.max(...lengths) || 1);
  for (let at = 0; at < points.length / 2; at++) {
    const place = placeOf(points[2 * at] ?? 0, points[2 * at + 1] ?? 0, frame);
    const way = [(pull[2 * at] ?? 0) * scale, -(pull[2 * at + 1] ?? 0) * scale] as const;
    if ((lengths[at] ?? 0) * scale >= SHORTEST) drawArrow(context, place, way, palette.backward);
    context.beginPath();
    context.arc(...place, DISC, 0, 2 * Math.PI);
    context.fillStyle = palette.accent;
    context.strokeStyle = palette.surface;
    context.lineWidth = 1;
    context.fill();
    context.stroke();
  }
}

function drawArrow(
  context: CanvasRenderingContext2D,
  [x, y]: [number, number],
  [dx, dy]: readonly [number, number],
  colour: string,
): void {
  const angle = Math.atan2(dy, dx);
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + dx, y + dy);
  for (const side of [-0.5, 0.5]) {
    context.moveTo(x + dx, y + dy);
    context.lineTo(x + dx - BARB * Math.cos(angle + side), y + dy - BARB * Math.sin(angle + side));
  }
  context.stroke();
}

function placeOf(x: number, y: number, { extent, size }: Frame): [number, number] {
  const scale = size / (2 * extent);
  return [(x + extent) * scale, (extent - y) * scale];
}

/** Pictures made of noise, eight in a row, ink on paper; several channels as their first. */
export class SheetPainting {
  private readonly atlas = new Atlas();

  draw(context: CanvasRenderingContext2D, picture: Picture, size: number, theme: Theme): void {
    const made = arrayOf(picture, "generated");
    if (!made || made.shape.length !== 4) return;
    const [count = 0, channels = 1, height = 1, width = 1] = made.shape;
    const one = height * width;
    const values = new Float32Array(count * one);
    for (let at = 0; at < count; at++) {
      const start = at * channels * one;
      values.set(made.values.subarray(start, start + one), at * one);
    }
    const [low, high] = rangeOf(values);
    const shown = { name: "generated", shape: [count, height, width], values };
    this.atlas.update(shown, INK_LOOKUP[theme], [[low, high]]);
    context.fillStyle = PALETTES[theme].hairline; // paper on paper would run together
    context.fillRect(0, 0, size, size);
    context.imageSmoothingEnabled = false;
    const cell = size / COLUMNS;
    for (let at = 0; at < Math.min(count, COLUMNS * COLUMNS); at++) {
      const x = (at % COLUMNS) * cell;
      const y = Math.floor(at / COLUMNS) * cell;
      const side = cell - GAP;
      this.atlas.draw(context, at, { x: x + GAP / 2, y: y + GAP / 2, width: side, height: side });
    }
  }
}

function rangeOf(values: Float32Array): [low: number, high: number] {
  let [low, high] = [0, 1e-9];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}
