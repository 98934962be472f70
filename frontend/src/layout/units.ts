import { ALL_TERMS } from "../layers/features/terms";
import type { Card } from "./cards";
import type { Box, PlacedCard, Size, Tile } from "./layout";

const MARGIN = 24;
const LARGEST_TILE = 44;
const SMALLEST_TILE = 28;
const WIDEST_GAP = 168;
const HEADING = 44;
// Room for + and − under a column.
const FOOT = 32;
const UNITS_HEIGHT = 568;

/** Each unit a tile, each layer a column, columns centred on one line. */
export function placeUnits(columns: readonly Card[][], size: Size, named: boolean): PlacedCard[] {
  const heading = named ? HEADING : 0;
  const room = size.height - heading - (heading ? FOOT : 0);
  const most = Math.max(1, ...columns.map(slotsOfColumn));
  // Layers above each other in one column, such as the ways of a shortcut, each have a heading.
  const headings = Math.max(...columns.map((column) => column.length - 1)) * heading;
  const tile = tileSide(most, room - headings);
  const step = tile + tileGap(tile);
  const gap = columnGap(columns.length, tile, size.width);
  const left = (size.width - columns.length * tile - (columns.length - 1) * gap) / 2;
  const middle = heading + room / 2;
  const top = middle - (most * step) / 2;
  return columns.flatMap((column, index) => {
    const x = Math.max(MARGIN, left) + index * (tile + gap);
    return stack(column, x, middle, tile, step, Math.max(0, top - heading), heading);
  });
}

function stack(
  column: readonly Card[],
  x: number,
  middle: number,
  tile: number,
  step: number,
  top: number,
  heading: number,
): PlacedCard[] {
  const total = slotsOfColumn(column) * step + (column.length - 1) * heading;
  let y = middle - total / 2;
  const first = Math.max(0, Math.min(top, y - heading));
  return column.map((card, index) => {
    const slots = slotBoxes(card, x, y, tile, step);
    const from = index === 0 ? first : y - heading;
    y += slotsOf(card) * step + heading;
    return { ...card, ...filled(card, slots), box: columnBox(slots, from) };
  });
}

function slotBoxes(card: Card, x: number, y: number, tile: number, step: number): Box[] {
  const offset = (step - tile) / 2;
  return Array.from({ length: slotsOf(card) }, (_, index) => ({
    x: Math.round(x),
    y: Math.round(y + index * step + offset),
    width: tile,
    height: tile,
  }));
}

/** Units from the top on; terms of a point each in its own slot, so that none moves another. */
function filled(card: Card, slots: readonly Box[]): Pick<PlacedCard, "tiles" | "offTiles"> {
  const slot = (term: string): Box => slots[ALL_TERMS.indexOf(term)] as Box;
  const terms = card.fields["terms"];
  const on = Array.isArray(terms) ? terms.map(String) : ["x", "y"];
  const boxes = card.off.length ? on.map(slot) : slots;
  return {
    tiles: boxes.map((box, index): Tile => ({ index, ...box })),
    offTiles: card.off.map((term) => ({ term, box: slot(term) })),
  };
}

function columnBox(tiles: readonly Box[], top: number): Box {
  const first = tiles[0] as Box;
  const last = tiles[tiles.length - 1] as Box;
  return { x: first.x, y: top, width: first.width, height: last.y + last.height - top };
}

/** `clamp(28, 568/n − 12, 44)`, less only where the canvas is lower than that needs. */
export function tileSide(units: number, height: number): number {
  const wished = Math.min(LARGEST_TILE, Math.max(SMALLEST_TILE, UNITS_HEIGHT / units - 12));
  if (units * (wished + tileGap(wished)) <= height) return Math.floor(wished);
  const fitting = height / units;
  const gap = fitting >= 36 + 12 ? 12 : fitting > 24 ? 8 : 2;
  return Math.max(8, Math.floor(fitting - gap));
}

/** 12 apart, 8 where tiles are below 36, 2 in the phone's band. */
function tileGap(tile: number): number {
  if (tile < 20) return 2;
  return tile < 36 ? 8 : 12;
}

function columnGap(columns: number, tile: number, width: number): number {
  if (columns < 2) return 0;
  const free = width - 2 * MARGIN - columns * tile;
  return Math.max(24, Math.min(WIDEST_GAP, free / (columns - 1)));
}

function slotsOf(card: Card): number {
  return (card.shape[0] ?? 1) + card.off.length;
}

function slotsOfColumn(column: readonly Card[]): number {
  return column.reduce((sum, card) => sum + slotsOf(card), 0);
}
