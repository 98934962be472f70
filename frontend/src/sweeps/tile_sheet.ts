import { PALETTES } from "../painting/palette";
import { FieldPainting } from "../painting/fields";
import type { Theme } from "../colour/scales";
import type { PictureArray } from "../wire/frame";

/** Half of the 8 ms that a frame may take; what is left waits for the next one. */
const BUDGET_MS = 4;

interface Tile {
  canvas: HTMLCanvasElement;
  painting: FieldPainting;
  array: PictureArray;
  look: string;
}

/**
 * The fields of many nets, each painted once into a sheet of its own and only laid onto the screen
 * from then on: a frame costs what has changed, not what is there.
 */
export class TileSheet {
  private readonly tiles = new Map<string, Tile>();

  constructor(private readonly now: () => number) {}

  /**
   * Paints those that came anew, as many as fit into a frame. Answers whether all are painted.
   * `pixels` is the side of a picture on the screen.
   */
  refresh(
    fields: Iterable<readonly [string, PictureArray]>,
    pixels: number,
    theme: Theme,
  ): boolean {
    const until = this.now() + BUDGET_MS;
    for (const [run, array] of fields) {
      const look = `${theme} ${pixels}`;
      const known = this.tiles.get(run);
      if (known?.array === array && known.look === look) continue;
      this.paint(known ?? this.add(run, array), array, pixels, theme);
      if (this.now() > until) return false;
    }
    return true;
  }

  draw(
    context: CanvasRenderingContext2D,
    run: string,
    x: number,
    y: number,
    side: number,
  ): boolean {
    const tile = this.tiles.get(run);
    if (tile) context.drawImage(tile.canvas, x, y, side, side);
    return tile !== undefined;
  }

  private add(run: string, array: PictureArray): Tile {
    const canvas = document.createElement("canvas");
    const tile = { canvas, painting: new FieldPainting(), array, look: "" };
    this.tiles.set(run, tile);
    return tile;
  }

  private paint(tile: Tile, array: PictureArray, pixels: number, theme: Theme): void {
    tile.array = array;
    tile.look = `${theme} ${pixels}`;
    if (tile.canvas.width !== pixels) tile.canvas.width = tile.canvas.height = pixels;
    const context = tile.canvas.getContext("2d");
    if (!context) return;
    const palette = PALETTES[theme];
    context.fillStyle = palette.surface;
    context.fillRect(0, 0, pixels, pixels);
    const index = (array.shape[0] ?? 1) > 1 ? -1 : 0;
    const field = { array, index, limit: 1, steps: null };
    tile.painting.draw(context, field, theme, pixels, palette.ink);
  }
}
