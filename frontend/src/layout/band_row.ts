import { QUERIES } from "../layers/attention/bands";
import type { Band } from "./bands";
import type { Size, Tile } from "./layout";

/** Room left of the bands of a block for the letters of its gates. */
export const LETTERS = 14;
const GAP = 6;
const BLOCK_GAP = 10;
const LOWEST_ROW = 1;
const HIGHEST_ROW = 24;
// A cell may be this much higher than wide.
const SLIMMEST = 1.6;
const BEAMS_HEIGHT = 72;
const MOST_WIDTH = 384;
const LEAST_WIDTH = 60;

/** Widths of a cell from the largest on; the row of cards takes the first that fits. */
export const CELL_SIZES = [28, 20, 14, 10, 7, 5];

interface Banded {
  bands: readonly Band[];
  /** Height that the card may take. */
  room: number;
}

/** The size of all bands of a card together, with cells so wide. */
export function sizeOfBands(card: Banded, cell: number): Size {
  const tiles = bandTiles(card, cell);
  return {
    width: Math.max(LEAST_WIDTH, ...tiles.map((tile) => tile.x + tile.width)),
    height: Math.max(0, ...tiles.map((tile) => tile.y + tile.height)),
  };
}

/** Where each band stands: bands of a block under each other, blocks side by side, beams on top. */
export function bandTiles({ bands, room }: Banded, cell: number): Tile[] {
  const beams = bands.find(({ part }) => part === QUERIES);
  const top = beams ? beamsHeight(room) + (isLow(room) ? 2 : GAP) : 0;
  const inner = beams ? bands.filter((band) => band !== beams) : bands;
  const blocks = new Map<number, Band[]>();
  for (const [at, band] of inner.entries()) {
    // Where there is hardly any room, heads stand side by side.
    const block = beams && isLow(room) ? at : band.block;
    blocks.set(block, [...(blocks.get(block) ?? []), band]);
  }
  const fitted = fit([...blocks.values()], cell, room - top);
  const left = isLettered(inner) ? LETTERS : 0;
  const tiles = new Map<Band, Omit<Tile, "index">>();
  let x = left;
  for (const column of blocks.values()) {
    const widths = column.map((band) => widthOf(band, fitted));
    let y = top;
    for (const [at, band] of column.entries()) {
      const [width, height] = [widths[at] ?? 0, band.rows * heightOf(band, fitted)];
      tiles.set(band, { x, y, width, height, grid: band });
      y += height + GAP;
    }
    x += Math.max(...widths) + BLOCK_GAP;
  }
  const width = Math.max(LEAST_WIDTH, x - BLOCK_GAP);
  if (beams) tiles.set(beams, { x: 0, y: 0, width, height: beamsHeight(room), grid: beams });
  return bands.map((band, index) => ({ index, ...(tiles.get(band) as Omit<Tile, "index">) }));
}

/** Whether gates and states are told by their letters. */
export function isLettered(bands: readonly Band[]): boolean {
  return bands.some(({ part }) => part.length === 1 && part !== "y") && bands.length > 1;
}

interface Cell {
  width: number;
  height: number;
}

/** Cells that high that the tallest block stays within the room; square ones no wider than high. */
function fit(blocks: readonly Band[][], width: number, room: number): Cell {
  const heights = blocks.map((column) => {
    const rows = column.reduce((sum, band) => sum + band.rows, 0);
    return (room - (column.length - 1) * GAP) / Math.max(1, rows);
  });
  const most = Math.min(...heights);
  const height = most >= LOWEST_ROW ? Math.min(HIGHEST_ROW, Math.floor(most)) : most;
  return { width, height: Math.max(0.25, height) };
}

function widthOf(band: Band, cell: Cell): number {
  const each = band.square ? Math.min(cell.width, cell.height) : cell.width;
  return Math.min(MOST_WIDTH, band.columns * each);
}

function heightOf(band: Band, cell: Cell): number {
  return Math.min(band.square ? cell.width : cell.width * SLIMMEST, cell.height);
}

function beamsHeight(room: number): number {
  return isLow(room) ? Math.floor(room / 3) : BEAMS_HEIGHT;
}

function isLow(room: number): boolean {
  return room < 2 * BEAMS_HEIGHT;
}
