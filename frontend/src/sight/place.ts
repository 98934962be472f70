import type { Card } from "../layout/cards";
import { MOST_CELLS } from "../layout/row";
import type { Layout, PlacedCard, Tile } from "../layout/layout";
import type { Spot } from "../page/state";
import { sizeOf } from "../layers/turn";

/** A place on the sheet of the network, in its own pixels. */
export interface Position {
  x: number;
  y: number;
}

/** Rows and columns of the numbers that a tile shows. */
export function gridOf(card: PlacedCard, tile?: Tile): { rows: number; columns: number } {
  if (tile?.grid) return tile.grid;
  const [, rows = 1, columns = 1] = card.shape;
  return { rows, columns };
}

/** What stands at a position; with its pixel where that is a map. */
export function spotAt(layout: Layout, at: Position): Spot | null {
  for (const card of layout.cards) {
    const tile = card.tiles.find((candidate) => covers(candidate, at));
    if (tile) return { card: card.name, index: tile.index, ...pixelOf(card, tile, at) };
  }
  return null;
}

/** The card at a position, between its tiles too. */
export function cardAt(layout: Layout, at: Position): PlacedCard | undefined {
  return layout.cards.find(({ box }) => covers(box, at));
}

/** The unit that a spot on a card means; a cell may stand for several, and means their first. */
export function unitOf({ level, shape }: Pick<Card, "level" | "shape">, index: number): number {
  const units = shape[0] ?? 1;
  return level === "cells" ? Math.floor((index * units) / Math.min(units, MOST_CELLS)) : index;
}

/** All pixels on the straight way between two of a map, both ends included. */
export function between(card: PlacedCard, from: number, to: number): number[] {
  const { columns } = gridOf(card);
  const [startRow, startColumn] = [Math.floor(from / columns), from % columns];
  const [rows, across] = [Math.floor(to / columns) - startRow, (to % columns) - startColumn];
  const steps = Math.max(Math.abs(rows), Math.abs(across), 1);
  return Array.from({ length: steps + 1 }, (_, step) => {
    const row = startRow + Math.round((rows * step) / steps);
    return row * columns + startColumn + Math.round((across * step) / steps);
  });
}

/** How many numbers stand in one map of a card. */
export function pixelsOf(card: PlacedCard): number {
  return sizeOf(card.shape.slice(1));
}

interface Rectangle extends Position {
  width: number;
  height: number;
}

function covers({ x, y, width, height }: Rectangle, at: Position): boolean {
  return at.x >= x && at.x < x + width && at.y >= y && at.y < y + height;
}

function pixelOf(card: PlacedCard, tile: Tile, at: Position): { pixel?: number } {
  if (card.shape.length !== 3 && !tile.grid) return {};
  const { rows, columns } = gridOf(card, tile);
  const row = Math.floor(((at.y - tile.y) / tile.height) * rows);
  const column = Math.floor(((at.x - tile.x) / tile.width) * columns);
  return { pixel: row * columns + column };
}
