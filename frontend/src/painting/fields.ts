import { SIGNED_LOOKUP, type Theme } from "../colour/scales";
import { parseHex, type Rgb } from "../colour/oklab";
import { classColours } from "../points/marks";
import type { PictureArray } from "../wire/frame";
import { Atlas } from "./atlas";
import { drawBorders, drawContour } from "./contour";
import { discretized } from "./discrete";

const FIELD_STRENGTH = 0.6;

/** One field to be drawn large. */
export interface Field {
  array: PictureArray;
  /** Which map of the array; −1: all of them are the shares of the classes. */
  index: number;
  /** The value of the full colour. */
  limit: number;
  /** Null: as it is; else as what it decides. */
  steps: "sign" | "class" | "band" | null;
}

/** Draws a function of the plane: signed for one output, mixed class colours for several. */
export class FieldPainting {
  private readonly atlas = new Atlas();
  private readonly mixed = document.createElement("canvas");
  private stepped: { of: string; array: PictureArray; steps: PictureArray } | null = null;

  draw(
    context: CanvasRenderingContext2D,
    field: Field,
    theme: Theme,
    size: number,
    ink: string,
  ): void {
    const before = context.globalAlpha;
    context.globalAlpha = before * FIELD_STRENGTH;
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    const array = this.inSteps(field);
    if (field.index < 0) this.drawMixed(context, array, theme, size);
    else this.drawSigned(context, array, field, theme, size);
    context.globalAlpha = before;
    if (field.index < 0) drawBorders(context, field.array, size, ink);
    else drawContour(context, field.array, field.index, size, ink);
  }

  private inSteps({ array, limit, steps }: Field): PictureArray {
    if (!steps) return array;
    const of = `${steps} ${limit}`;
    if (this.stepped?.array !== array || this.stepped.of !== of) {
      this.stepped = { of, array, steps: discretized(array, limit, steps) };
    }
    return this.stepped.steps;
  }

  private drawSigned(
    context: CanvasRenderingContext2D,
    array: PictureArray,
    { index, limit }: Field,
    theme: Theme,
    size: number,
  ): void {
    const ranges = Array.from({ length: array.shape[0] ?? 1 }, () => [-limit, limit] as const);
    this.atlas.update(array, SIGNED_LOOKUP[theme], ranges);
    this.atlas.draw(context, index, { x: 0, y: 0, width: size, height: size });
  }

  private drawMixed(
    context: CanvasRenderingContext2D,
    array: PictureArray,
    theme: Theme,
    size: number,
  ): void {
    const [classes = 1, height = 1, width = 1] = array.shape;
    this.mixed.width = width;
    this.mixed.height = height;
    const inner = this.mixed.getContext("2d");
    if (!inner) return;
    const image = inner.createImageData(width, height);
    mixClasses(array.values, image.data, classes, classColours(theme).map(parseHex));
    inner.putImageData(image, 0, 0);
    context.drawImage(this.mixed, 0, 0, size, size);
  }
}

/** Shares of the classes as strengths of their colours, weighted in plain sRGB. */
export function mixClasses(
  shares: Float32Array,
  pixels: Uint8ClampedArray,
  classes: number,
  colours: readonly Rgb[],
): void {
  const each = shares.length / classes;
  for (let place = 0; place < each; place++) {
    let [red, green, blue, total] = [0, 0, 0, 0];
    for (let index = 0; index < classes; index++) {
      // Outputs trained by squared error are no shares: they may be negative or beyond 1.
      const share = Math.max(0, shares[index * each + place] ?? 0);
      const [r, g, b] = colours[index % colours.length] as Rgb;
      red += share * r;
      green += share * g;
      blue += share * b;
      total += share;
    }
    const scale = total > 0 ? 1 / total : 0;
    pixels.set([red * scale, green * scale, blue * scale, 255], place * 4);
  }
}
