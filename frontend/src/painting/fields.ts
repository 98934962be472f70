import { CLASS_COLOURS, SIGNED_LOOKUP, cssColour, type Theme } from "../colour/scales";
import { parseHex } from "../colour/oklab";
import type { Picture, PictureArray } from "../wire/frame";
import { Atlas } from "./atlas";
import type { Palette } from "./palette";

const FIELD_STRENGTH = 0.6;
const CONTOUR_WIDTH = 2;

interface Square {
  size: number;
}

/** Draws the answer over the plane: signed for one output, mixed class colours for several. */
export class FieldPainting {
  private readonly atlas = new Atlas();
  private readonly mixed = document.createElement("canvas");

  draw(
    context: CanvasRenderingContext2D,
    field: PictureArray,
    shown: number,
    limit: number,
    theme: Theme,
    square: Square,
  ): void {
    const box = { x: 0, y: 0, width: square.size, height: square.size };
    const several = (field.shape[0] ?? 1) > 1 && shown < 0;
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    if (several) this.drawMixed(context, field, theme, box);
    else this.drawSigned(context, field, Math.max(0, shown), limit, theme, box);
  }

  private drawSigned(
    context: CanvasRenderingContext2D,
    field: PictureArray,
    index: number,
    limit: number,
    theme: Theme,
    box: { x: number; y: number; width: number; height: number },
  ): void {
    const ranges = Array.from({ length: field.shape[0] ?? 1 }, () => [-limit, limit] as const);
    this.atlas.update(field, SIGNED_LOOKUP[theme], ranges);
    const before = context.globalAlpha;
    context.globalAlpha = before * FIELD_STRENGTH;
    this.atlas.draw(context, index, box);
    context.globalAlpha = before;
  }

  private drawMixed(
    context: CanvasRenderingContext2D,
    field: PictureArray,
    theme: Theme,
    box: { x: number; y: number; width: number; height: number },
  ): void {
    const [classes = 1, height = 1, width = 1] = field.shape;
    this.mixed.width = width;
    this.mixed.height = height;
    const inner = this.mixed.getContext("2d");
    if (!inner) return;
    const image = inner.createImageData(width, height);
    mixClasses(field.values, image.data, classes, CLASS_COLOURS[theme].map(parseHex));
    inner.putImageData(image, 0, 0);
    const before = context.globalAlpha;
    context.globalAlpha = before * FIELD_STRENGTH;
    context.drawImage(this.mixed, box.x, box.y, box.width, box.height);
    context.globalAlpha = before;
  }
}

/** Shares of the classes as strengths of their colours, weighted in plain sRGB. */
function mixClasses(
  shares: Float32Array,
  pixels: Uint8ClampedArray,
  classes: number,
  colours: readonly (readonly [number, number, number])[],
): void {
  const each = shares.length / classes;
  for (let place = 0; place < each; place++) {
    for (let channel = 0; channel < 3; channel++) {
      let sum = 0;
      for (let index = 0; index < classes; index++) {
        const colour = colours[index % colours.length];
        sum += (shares[index * each + place] ?? 0) * (colour?.[channel] ?? 0);
      }
      pixels[place * 4 + channel] = sum;
    }
    pixels[place * 4 + 3] = 255;
  }
}

/** Draws the line along which a signed field crosses zero (marching squares). */
export function drawContour(
  context: CanvasRenderingContext2D,
  field: PictureArray,
  index: number,
  size: number,
  colour: string,
): void {
  const side = field.shape[1] ?? 1;
  const cell = size / side;
  const value = (row: number, column: number): number =>
    field.values[(index * side + row) * side + column] ?? 0;
  context.beginPath();
  for (let row = 0; row < side - 1; row++) {
    for (let column = 0; column < side - 1; column++) {
      traceCell(context, value, row, column, cell);
    }
  }
  context.strokeStyle = colour;
  context.lineWidth = CONTOUR_WIDTH;
  context.lineCap = "round";
  context.stroke();
}

function traceCell(
  context: CanvasRenderingContext2D,
  value: (row: number, column: number) => number,
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

/** How the points of a part are drawn. */
export interface PointStyle {
  extent: number;
  size: number;
  hollow: boolean;
  regression: boolean;
  several: boolean;
}

const POINT = 3;

/** Draws samples of the plane: solid with a ring for training, hollow for held-out ones. */
export function drawPoints(
  context: CanvasRenderingContext2D,
  samples: Picture,
  style: PointStyle,
  theme: Theme,
  palette: Palette,
): void {
  const inputs = samples.arrays.find((array) => array.name === "inputs")?.values;
  const targets = samples.arrays.find((array) => array.name === "targets")?.values;
  if (!inputs || !targets) return;
  const scale = style.size / (2 * style.extent);
  for (let index = 0; index < targets.length; index++) {
    const x = ((inputs[2 * index] ?? 0) + style.extent) * scale;
    const y = (style.extent - (inputs[2 * index + 1] ?? 0)) * scale;
    drawPoint(context, x, y, targets[index] ?? 0, style, theme, palette);
  }
}

function drawPoint(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  target: number,
  style: PointStyle,
  theme: Theme,
  palette: Palette,
): void {
  const colour = targetColour(target, style, theme);
  context.beginPath();
  if (target === 0 && !style.regression && !style.several) {
    context.rect(x - POINT + 0.4, y - POINT + 0.4, 2 * POINT - 0.8, 2 * POINT - 0.8);
  } else context.arc(x, y, POINT, 0, 2 * Math.PI);
  context.lineWidth = style.hollow ? 3 : 2;
  context.strokeStyle = palette.surface;
  context.stroke();
  context.fillStyle = style.hollow ? palette.surface : colour;
  context.fill();
  if (!style.hollow) return;
  context.lineWidth = 1.5;
  context.strokeStyle = colour;
  context.stroke();
}

/** Class 1 is blue and class 0 orange, as the field's sign; more classes have their own. */
export function targetColour(
  target: number,
  style: Pick<PointStyle, "regression" | "several">,
  theme: Theme,
): string {
  if (style.several) return CLASS_COLOURS[theme][target % 8] ?? "";
  const signed = style.regression ? Math.max(-1, Math.min(1, target)) : 2 * target - 1;
  return cssColour(SIGNED_LOOKUP[theme], 127.5 + 127.5 * signed);
}
