import { ranks } from "../descent/frame";
import { drawContour } from "./contour";
import type { Palette } from "./palette";

const LEVELS = 9;

export interface Box {
  width: number;
  height: number;
  palette: Palette;
}

/** Heights over a square, rows from the top. */
export interface Heights {
  values: Float32Array;
  side: number;
}

/** A surface seen from above: the lower, the deeper in colour, with lines of equal height. */
export class Relief {
  private drawn: Float32Array | null = null;
  private shades: HTMLCanvasElement | null = null;
  private ranked: Float32Array = new Float32Array();

  draw(context: CanvasRenderingContext2D, { values, side }: Heights, box: Box): void {
    if (values !== this.drawn) {
      this.drawn = values;
      this.ranked = ranks(values);
      this.shades = shaded(this.ranked, side, box.palette);
    }
    if (this.shades) context.drawImage(this.shades, 0, 0, box.width, box.height);
    context.globalAlpha = 0.35;
    for (let level = 1; level < LEVELS; level++) {
      const lifted = this.ranked.map((rank) => rank - level / LEVELS);
      const field = { name: "level", shape: [1, side, side], values: lifted };
      drawContour(context, field, 0, box.width, box.palette.second);
    }
    context.globalAlpha = 1;
  }
}

/** The lowest in the accent's colour, the highest bare. */
function shaded(ranked: Float32Array, side: number, palette: Palette): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = side;
  canvas.height = side;
  const context = canvas.getContext("2d");
  if (!context) return canvas;
  context.fillStyle = palette.accent;
  for (const [index, rank] of ranked.entries()) {
    context.globalAlpha = 0.5 * (1 - rank) ** 2;
    context.fillRect(index % side, Math.floor(index / side), 1, 1);
  }
  return canvas;
}
