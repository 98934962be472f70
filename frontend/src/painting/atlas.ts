import type { Lookup } from "../colour/scales";
import type { PictureArray } from "../wire/frame";

/** Lowest and highest value of the colour scale for one picture of an array. */
export type Range = readonly [low: number, high: number];

/** The pictures of one array [N, height, width], coloured once and drawn as often as needed. */
export class Atlas {
  private readonly canvas = document.createElement("canvas");
  private width = 0;
  private height = 0;
  private painted: { array: PictureArray; lookup: Lookup; ranges: string } | null = null;

  /** Colours the array; does nothing where array, colours and ranges are as before. */
  update(array: PictureArray, lookup: Lookup, ranges: readonly Range[]): void {
    const key = ranges.join(" ");
    const before = this.painted;
    if (before?.array === array && before.lookup === lookup && before.ranges === key) return;
    this.painted = { array, lookup, ranges: key };
    const [count = 1, height = 1, width = 1] = array.shape;
    this.resize(width, height, count);
    this.colour(array.values, lookup, ranges, count);
  }

  /** Draws the picture `index` into a box. */
  draw(
    context: CanvasRenderingContext2D,
    index: number,
    box: { x: number; y: number; width: number; height: number },
  ): void {
    const { width, height } = this;
    if (!width) return;
    const top = index * height;
    context.drawImage(this.canvas, 0, top, width, height, box.x, box.y, box.width, box.height);
  }

  private resize(width: number, height: number, count: number): void {
    this.width = width;
    this.height = height;
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height * count) this.canvas.height = height * count;
  }

  private colour(
    values: Float32Array,
    lookup: Lookup,
    ranges: readonly Range[],
    count: number,
  ): void {
    const context = this.canvas.getContext("2d");
    if (!context) return;
    const image = context.createImageData(this.width, this.height * count);
    const pixels = new Uint32Array(image.data.buffer);
    const each = this.width * this.height;
    for (let index = 0; index < count; index++) {
      const [low, high] = ranges[index] ?? ranges[0] ?? [-1, 1];
      colourSpan(values, pixels, lookup, index * each, (index + 1) * each, low, high);
    }
    context.putImageData(image, 0, 0);
  }
}

function colourSpan(
  values: Float32Array,
  pixels: Uint32Array,
  lookup: Lookup,
  start: number,
  end: number,
  low: number,
  high: number,
): void {
  const scale = high > low ? 255 / (high - low) : 0;
  for (let place = start; place < end; place++) {
    const entry = ((values[place] ?? 0) - low) * scale + 0.5;
    // NaN compares false both ways and lands on the middle colour.
    const bounded = entry >= 255 ? 255 : entry >= 0 ? entry | 0 : entry < 0 ? 0 : 127;
    pixels[place] = lookup[bounded] ?? 0;
  }
}
