import { bandTiles, CELL_SIZES, sizeOfBands } from "./band_row";
import { type Card as Unplaced, cardTitle } from "./cards";
import type { PlacedCard, Size, Tile } from "./layout";

const MARGIN = 24;
const CARD_GAP = 16;
// Room for what stands under a card, and for the handles of a size below that.
const FOOT = 54;
const PADDING = 8;
const HEAD = 40;
const TILE_GAP = 4;
const TILE_SIZES = [40, 32, 28, 24, 20, 16];
const INPUT_PICTURE = 64;
const CELL = 8;
const CELL_COLUMNS = 16;
/** More units than this share their cells. */
export const MOST_CELLS = 256;
const BARS_WIDTH = 92;
const BAR_HEIGHT = 26;
const WORD_WIDTH = 64;
const WORD_HEIGHT = 16;
const LETTER = 8;
const PLAIN_WIDTH = 104;
// Cards without a picture are no higher than what stands under them.
const PLAIN_GAP = 56;

/** A card with the height that it may take below its head. */
interface Card extends Unplaced {
  room: number;
  /** What its name takes, where there is one. */
  title: number;
}

interface Grid {
  columns: number;
  rows: number;
  tile: number;
  tileHeight: number;
  gap: number;
  count: number;
}

/** Cards side by side; maps shrink, the widest card first, until the row fits. */
export function placeRow(all: readonly Unplaced[][], size: Size, named: boolean): PlacedCard[] {
  const head = named ? HEAD : 0;
  const room = size.height - head - 2 * PADDING;
  const foot = head ? FOOT : 0;
  const columns = all.map((column) => {
    const each = (size.height - foot) / column.length - head - 2 * PADDING - CARD_GAP;
    return column.map((card): Card => ({
      ...card,
      room: each,
      title: 0,
    }));
  });
  const sizes = fittingSizes(columns, size.width - 2 * MARGIN, room);
  for (const card of columns.flat().filter(({ level }) => level === "bars")) {
    sizes.set(card.name, Math.min(BAR_HEIGHT, Math.floor(room / (card.shape[0] ?? 1))));
  }
  const narrow = columns.map((column) => columnWidth(column, sizes));
  const gaps = CARD_GAP * (columns.length - 1);
  if (head) giveTitles(columns, sizes, size.width - 2 * MARGIN - sum(narrow) - gaps);
  const widths = columns.map((column) => columnWidth(column, sizes));
  const total = sum(widths) + gaps;
  let x = Math.max(MARGIN, (size.width - total) / 2);
  return columns.flatMap((column, index) => {
    const placed = stack(column, x, size.height, sizes, head);
    x += (widths[index] ?? 0) + CARD_GAP;
    return placed;
  });
}

/** Room for the whole name of each card, first to last, as long as there is any left. */
function giveTitles(
  columns: readonly Card[][],
  sizes: ReadonlyMap<string, number>,
  left: number,
): void {
  for (const column of columns) {
    const before = columnWidth(column, sizes);
    for (const card of column) card.title = LETTER * cardTitle(card).length;
    left -= columnWidth(column, sizes) - before;
    if (left >= 0) continue;
    for (const card of column) card.title = 0;
    return;
  }
}

/** The tile of every card with maps; a pooled card has half of its source's. */
function fittingSizes(
  columns: readonly Card[][],
  width: number,
  height: number,
): Map<string, number> {
  const all = columns.flat();
  const steps = new Map(all.filter(isFree).map((card) => [card.name, firstStep(card, height)]));
  for (;;) {
    const sizes = sizesAt(all, steps);
    const needed = sum(columns.map((column) => columnWidth(column, sizes)));
    if (needed + CARD_GAP * (columns.length - 1) <= width) return sizes;
    const widest = widestShrinkable(all, steps, sizes);
    if (!widest) return sizes;
    steps.set(widest.name, (steps.get(widest.name) ?? 0) + 1);
  }
}

function firstStep(card: Card, height: number): number {
  if (card.level === "bands") return 0;
  const fits = TILE_SIZES.findIndex((tile) => {
    const { rows } = square(card.shape[0] ?? 1);
    return rows * (tile + TILE_GAP) <= height;
  });
  return fits < 0 ? TILE_SIZES.length - 1 : fits;
}

function sizesAt(all: readonly Card[], steps: ReadonlyMap<string, number>): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const card of all) {
    const step = steps.get(card.name);
    const source = sizes.get(card.from[0] ?? "");
    if (step !== undefined) sizes.set(card.name, sizeAt(card, step));
    else if (card.level === "maps") sizes.set(card.name, Math.max(6, (source ?? 40) / 2));
  }
  return sizes;
}

function sizeAt({ level }: Card, step: number): number {
  return (level === "bands" ? CELL_SIZES[step] : TILE_SIZES[step]) ?? 16;
}

function widestShrinkable(
  all: readonly Card[],
  steps: ReadonlyMap<string, number>,
  sizes: ReadonlyMap<string, number>,
): Card | undefined {
  const open = all.filter((card) => (steps.get(card.name) ?? Infinity) < TILE_SIZES.length - 1);
  return open.sort((a, b) => cardWidth(b, sizes) - cardWidth(a, sizes))[0];
}

function isFree(card: Card): boolean {
  if (card.level === "bands" || card.level === "fields") return true;
  return card.level === "maps" && !card.type.includes("pool");
}

function stack(
  column: readonly Card[],
  x: number,
  canvasHeight: number,
  sizes: ReadonlyMap<string, number>,
  head: number,
): PlacedCard[] {
  const heights = column.map((card) => cardHeight(card, sizes, head));
  const gap = head && column.every(({ level }) => level === "plain") ? PLAIN_GAP : CARD_GAP;
  const all = sum(heights) + gap * (column.length - 1);
  let y = Math.min((canvasHeight - all) / 2, Math.max(0, canvasHeight - all - (head ? FOOT : 0)));
  return column.map((card, index) => {
    const height = heights[index] ?? 0;
    const box = { x, y: Math.max(head ? PADDING : 0, y), width: cardWidth(card, sizes), height };
    y += height + gap;
    return { ...card, box, tiles: tilesIn(card, box.x, box.y + head, sizes), offTiles: [] };
  });
}

function tilesIn(card: Card, x: number, y: number, sizes: ReadonlyMap<string, number>): Tile[] {
  if (card.level === "bands") {
    return bandTiles(card, sizes.get(card.name) ?? 16).map((tile) => {
      return { ...tile, x: Math.round(x + PADDING + tile.x), y: Math.round(y + PADDING + tile.y) };
    });
  }
  const grid = gridOf(card, sizes);
  return Array.from({ length: grid.count }, (_, index) => ({
    index,
    x: Math.round(x + PADDING + (index % grid.columns) * (grid.tile + grid.gap)),
    y: Math.round(y + PADDING + Math.floor(index / grid.columns) * (grid.tileHeight + grid.gap)),
    width: grid.tile,
    height: grid.tileHeight,
  }));
}

function gridOf(card: Card, sizes: ReadonlyMap<string, number>): Grid {
  const count = card.shape[0] ?? 1;
  if (card.level === "picture") return grid(1, 1, INPUT_PICTURE, 0, 1);
  if (card.level === "maps" || card.level === "fields") {
    const { columns, rows } = square(count);
    return grid(columns, rows, sizes.get(card.name) ?? 16, TILE_GAP, count);
  }
  if (card.level === "bars") {
    return {
      ...grid(1, count, BARS_WIDTH - 2 * PADDING, 0, count),
      tileHeight: sizes.get(card.name) ?? BAR_HEIGHT,
    };
  }
  if (card.level === "words")
    return { ...grid(1, count, WORD_WIDTH, 0, count), tileHeight: WORD_HEIGHT };
  if (card.level === "cells") return cellGrid(Math.min(count, MOST_CELLS));
  return grid(1, 0, PLAIN_WIDTH - 2 * PADDING, 0, 0);
}

function cellGrid(count: number): Grid {
  const columns = count > 64 ? CELL_COLUMNS : square(count).columns;
  return grid(columns, Math.ceil(count / columns), count > 64 ? CELL : 12, 0, count);
}

function grid(columns: number, rows: number, tile: number, gap: number, count: number): Grid {
  return { columns, rows, tile, tileHeight: tile, gap, count };
}

function square(count: number): { columns: number; rows: number } {
  const columns = Math.ceil(Math.sqrt(count));
  return { columns, rows: Math.ceil(count / columns) };
}

function columnWidth(column: readonly Card[], sizes: ReadonlyMap<string, number>): number {
  return Math.max(...column.map((card) => cardWidth(card, sizes)));
}

function cardWidth(card: Card, sizes: ReadonlyMap<string, number>): number {
  if (card.level === "bands") {
    const { width } = sizeOfBands(card, sizes.get(card.name) ?? 16);
    return Math.max(width, card.title) + 2 * PADDING;
  }
  const { columns, tile, gap } = gridOf(card, sizes);
  const inner = columns * tile + (columns - 1) * gap;
  return Math.max(inner, card.level === "cells" ? Math.max(56, card.title) : 0) + 2 * PADDING;
}

function cardHeight(card: Card, sizes: ReadonlyMap<string, number>, head: number): number {
  if (card.level === "bands") {
    return head + sizeOfBands(card, sizes.get(card.name) ?? 16).height + 2 * PADDING;
  }
  const { rows, tileHeight, gap } = gridOf(card, sizes);
  return head + (rows ? rows * tileHeight + (rows - 1) * gap + 2 * PADDING : PADDING);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
