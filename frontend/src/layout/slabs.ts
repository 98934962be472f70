import { formatShape } from "../numbers/format";
import type { Card } from "./cards";
import { cardTitle } from "./cards";
import type { Box, PlacedCard, Size } from "./layout";

/** A line under a run of slabs of one size, with what they are. */
export interface Bracket {
  left: number;
  right: number;
  title: string;
  shape: string;
  /** The middle of its text, and which of several lines of text it stands on. */
  middle: number;
  row: number;
}

const MARGIN = 24;
const GAP = 6;
const BRACKET_GAP = 10;
const LEAST_GAP = 4;
const LEAST_WIDTH = 8;
const MOST_WIDTH = 48;
const PER_CHANNEL = 4;
const TALLEST = 250;
const LOWEST = 20;
const WIDTH_POWER = 0.3;
const HEIGHT_POWER = 0.42;
const ROW_GAP = 10;
const BRACKET_ROWS = 3;
const SIGN_WIDTH = 7;
/** Where names stand, as a share of the height of the canvas. */
export const NAMES_AT = 0.58;
/** Where the bars of parameters stand. */
export const BARS_AT = 0.82;
const ARC_ROOM = 28;

/** Slabs side by side, as wide as their channels and as high as their sides say. */
export function placeSlabs(columns: readonly Card[][], size: Size, named: boolean): PlacedCard[] {
  const foot = named ? size.height * NAMES_AT : size.height - MARGIN / 2;
  const most = Math.max(...columns.flat().map(sideOf));
  const tallest = Math.min(TALLEST, foot - (named ? ARC_ROOM : MARGIN / 2));
  const free = columns.map((column) => Math.max(...column.map(widthOf)));
  const gaps = columns.map((column, at) => gapBetween(columns[at - 1], column));
  const scale = fitting(free, gaps, size.width - 2 * MARGIN);
  const widths = free.map((width) => Math.max(LEAST_WIDTH, width * scale));
  const spaces = gaps.map((gap) => (gap ? Math.max(LEAST_GAP, gap * scale) : 0));
  let x = Math.max(MARGIN, (size.width - sum(widths) - sum(spaces)) / 2);
  return columns.flatMap((column, at) => {
    x += spaces[at] ?? 0;
    const placed = stack(column, x, widths[at] ?? 0, foot, tallest, most);
    x += widths[at] ?? 0;
    return placed;
  });
}

/** By how much all shrinks together; what is at its least shrinks no more. */
function fitting(widths: readonly number[], gaps: readonly number[], room: number): number {
  const total = (scale: number): number =>
    sum(widths.map((width) => Math.max(LEAST_WIDTH, width * scale))) +
    sum(gaps.map((gap) => (gap ? Math.max(LEAST_GAP, gap * scale) : 0)));
  let [low, high] = [0, 1];
  if (total(1) <= room) return 1;
  for (let round = 0; round < 12; round++) {
    const middle = (low + high) / 2;
    if (total(middle) <= room) low = middle;
    else high = middle;
  }
  return low;
}

function stack(
  column: readonly Card[],
  x: number,
  width: number,
  foot: number,
  tallest: number,
  most: number,
): PlacedCard[] {
  const room = foot - (column.length - 1) * ROW_GAP;
  const free = column.map((card) => heightOf(card, tallest, most));
  const shrink = Math.min(1, room / sum(free));
  const heights = free.map((height) => Math.max(LEAST_WIDTH, height * shrink));
  // One slab stands on the middle line of all; branches around it.
  let y = foot - tallest / 2 - (sum(heights) + (column.length - 1) * ROW_GAP) / 2;
  y = Math.max(MARGIN / 2, Math.min(y, foot - sum(heights) - (column.length - 1) * ROW_GAP));
  return column.map((card, at) => {
    const box: Box = { x, y, width, height: heights[at] ?? 0 };
    y += (heights[at] ?? 0) + ROW_GAP;
    return { ...card, box, tiles: [{ index: 0, ...box }], offTiles: [] };
  });
}

/** The side of a picture, the steps of a sequence; 1 for a vector. */
function sideOf({ shape }: Pick<Card, "shape">): number {
  if (shape.length === 3) return Math.max(1, shape[1] ?? 1);
  return shape.length === 2 ? Math.max(1, shape[0] ?? 1) : 1;
}

function channelsOf({ shape }: Pick<Card, "shape">): number {
  return Math.max(1, (shape.length === 2 ? shape[1] : shape[0]) ?? 1);
}

function widthOf(card: Card): number {
  const width = PER_CHANNEL * channelsOf(card) ** WIDTH_POWER;
  return Math.max(LEAST_WIDTH, Math.min(MOST_WIDTH, width));
}

function heightOf(card: Card, tallest: number, most: number): number {
  return Math.max(LOWEST, tallest * (sideOf(card) / most) ** HEIGHT_POWER);
}

function gapBetween(before: readonly Card[] | undefined, column: readonly Card[]): number {
  if (!before) return 0;
  const same = before.length === 1 && column.length === 1 && isSame(before[0], column[0]);
  return same ? GAP : BRACKET_GAP;
}

function isSame(a: Card | undefined, b: Card | undefined): boolean {
  if (a === undefined || b === undefined || sideOf(a) !== sideOf(b)) return false;
  // All of a sequence is as long; what tells its parts apart is what they are.
  return a.shape.length !== 2 || slabTitle(a) === slabTitle(b);
}

/** What is written under runs of slabs of one size. */
export function bracketsOf(cards: readonly PlacedCard[], width: number): Bracket[] {
  const runs: PlacedCard[][] = [];
  for (const column of columnsOf(cards)) {
    const run = runs.at(-1);
    if (run && isSame(run.at(-1), column[0])) run.push(...column);
    else runs.push([...column]);
  }
  const ends = Array.from({ length: BRACKET_ROWS }, () => -Infinity);
  return runs.map((run) => {
    const left = Math.min(...run.map(({ box }) => box.x));
    const right = Math.max(...run.map(({ box }) => box.x + box.width));
    const told = { title: titleOf(run), shape: shapeOf(run) };
    const half = (SIGN_WIDTH * Math.max(told.title.length, told.shape.length)) / 2 + 4;
    const middle = Math.max(half, Math.min((left + right) / 2, width - half));
    const free = ends.findIndex((end) => end <= middle - half);
    // Where there is no room on any line, the slab itself tells it when it is pointed at.
    if (free < 0) return { left, right, title: "", shape: "", middle, row: 0 };
    ends[free] = middle + half;
    return { left, right, ...told, middle, row: free };
  });
}

function columnsOf(cards: readonly PlacedCard[]): PlacedCard[][] {
  const columns = new Map<number, PlacedCard[]>();
  for (const card of cards) columns.set(card.box.x, [...(columns.get(card.box.x) ?? []), card]);
  return [...columns].toSorted(([a], [b]) => a - b).map(([, column]) => column);
}

/** The name of a slab: of the composite that it folds, else of its layer. */
export function slabTitle(card: Card): string {
  if (card.fold?.title) return card.fold.title;
  return card.type === "input" ? card.name : cardTitle(card);
}

function titleOf(run: readonly PlacedCard[]): string {
  const titles = [...new Set(run.map(slabTitle))];
  const times = run.length > 1 ? ` ×${run.length}` : "";
  if (titles.length === 1) return `${titles[0]}${times}`;
  return titles.length === 2 ? titles.join(", ") : `${titles[0]} … ${titles.at(-1)}`;
}

function shapeOf(run: readonly PlacedCard[]): string {
  const last = run.at(-1)?.shape ?? [];
  const counts = run.map(channelsOf);
  const [low, high] = [Math.min(...counts), Math.max(...counts)];
  if (low === high) return formatShape(last);
  const rest = last.length === 2 ? last.slice(0, 1) : last.slice(1);
  return [`${low}–${high}`, ...(rest.length ? [formatShape(rest)] : [])].join("·");
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
