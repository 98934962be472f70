import type { Plan } from "../wire/plan";
import { isNarrow, shownCards, type Card } from "./cards";
import { placeRow } from "./row";
import { placeSlabs } from "./slabs";
import { placeUnits } from "./units";

export interface Size {
  width: number;
  height: number;
}

export interface Box extends Size {
  x: number;
  y: number;
}

/** A unit, a map or a cell: `index` counts along the first axis of the layer's output. */
export interface Tile extends Box {
  index: number;
  /** Rows and columns of its numbers, where the shape of the layer does not say them. */
  grid?: { rows: number; columns: number };
}

export interface PlacedCard extends Card {
  box: Box;
  tiles: Tile[];
  /** Where the terms that are off stand. */
  offTiles: { term: string; box: Box }[];
}

/** A line between two cards, or all edges between their units. */
export interface Joint {
  from: PlacedCard;
  to: PlacedCard;
}

/** Where one network of several stands. */
export interface LaneBox {
  name: string;
  left: number;
  top: number;
  height: number;
}

export interface Layout extends Size {
  cards: PlacedCard[];
  /** One above the other where there is room, else side by side; none of one network. */
  lanes: LaneBox[];
  joints: Joint[];
  /** Whether units stand as bare tiles with edges, not in cards. */
  narrow: boolean;
}

const MARGIN = 24;
const FOOT = 60;
/** Under this height (the phone's band) nothing is written. */
export const NAMED_FROM = 240;
// Cards of a lane lower than this would stand over one another.
const LOWEST_LANE = 180;
// What the name of a lane takes of its upper left corner.
const LANE_NAME: Size = { width: 170, height: 24 };

/** Whether a card has units, maps or cells that can be pointed at. */
export function isPointable({ level }: Card): boolean {
  return level !== "plain";
}

/** Whether the cards of a layout are the slabs of a deep net. */
export function isDeep({ cards }: Pick<Layout, "cards">): boolean {
  return cards.some(({ level }) => level === "slab");
}

/** Where everything of a network stands; the same plan and size give the same boxes. */
export function layout(plan: Plan, size: Size, opened: readonly string[] = []): Layout {
  const all = shownCards(plan, opened);
  const narrow = plan.data !== null && isNarrow(all);
  const lanes: LaneBox[] = [];
  const placed = plan.networks
    ? placeLanes(Object.keys(plan.networks), all, narrow, size, lanes)
    : place(all, narrow, size);
  return { ...extent(placed, size), cards: placed, lanes, joints: joints(placed), narrow };
}

function place(all: readonly Card[], narrow: boolean, size: Size): PlacedCard[] {
  return placeNamed(all, narrow, size, size.height >= NAMED_FROM);
}

function placeNamed(
  all: readonly Card[],
  narrow: boolean,
  size: Size,
  named: boolean,
): PlacedCard[] {
  const columns = byLongestPath(all);
  if (all.some(({ level }) => level === "slab")) return placeSlabs(columns, size, named);
  return (narrow ? placeUnits : placeRow)(columns, size, named);
}

/** Every lane in the order of the document; where each stands is added to `lanes`. */
function placeLanes(
  names: readonly string[],
  all: readonly Card[],
  narrow: boolean,
  size: Size,
  lanes: LaneBox[],
): PlacedCard[] {
  const height = Math.floor(size.height / names.length);
  const beside = height < LOWEST_LANE;
  let left = 0;
  return names.flatMap((name, index) => {
    const above = { name, left: 0, top: index * height, height };
    const lane = beside ? { name, left, top: 0, height: size.height } : above;
    const own = all.filter(({ network }) => network === name);
    const placed = placeLane(own, lane, narrow, size);
    lanes.push(lane);
    left = Math.max(left, ...placed.map(({ box }) => box.x + box.width)) + MARGIN;
    return placed;
  });
}

function placeLane(
  own: readonly Card[],
  { left, top, height }: LaneBox,
  narrow: boolean,
  size: Size,
): PlacedCard[] {
  const named = size.height >= NAMED_FROM;
  // Under the cards is room for their sizes and what changes them.
  const room = named ? height - FOOT : height;
  const placed = (over: number): PlacedCard[] =>
    placeNamed(own, narrow, { width: size.width, height: room - over }, named);
  const free = placed(0);
  const crowded = named && free.some(({ box }) => overlaps(box, LANE_NAME));
  const over = crowded ? LANE_NAME.height : 0;
  const moved = <B extends Box>(box: B): B => ({ ...box, x: box.x + left, y: box.y + top + over });
  return (crowded ? placed(over) : free).map((card) => ({
    ...card,
    box: moved(card.box),
    tiles: card.tiles.map(moved),
  }));
}

function overlaps({ x, y }: Box, { width, height }: Size): boolean {
  return x < width && y < height;
}

/** Columns from the input on; in a column the order of the document. */
export function byLongestPath(all: readonly Card[]): Card[][] {
  const depth = new Map<string, number>();
  const columns: Card[][] = [];
  for (const card of all) {
    const column = Math.max(-1, ...card.from.map((name) => depth.get(name) ?? -1)) + 1;
    depth.set(card.name, column);
    (columns[column] ??= []).push(card);
  }
  return columns;
}

function joints(placed: PlacedCard[]): Joint[] {
  const byName = new Map(placed.map((card) => [card.name, card]));
  return placed.flatMap((to) =>
    to.from.flatMap((name) => {
      const from = byName.get(name);
      return from ? [{ from, to }] : [];
    }),
  );
}

function extent(placed: PlacedCard[], size: Size): Size {
  const right = Math.max(0, ...placed.map(({ box }) => box.x + box.width));
  const bottom = Math.max(0, ...placed.map(({ box }) => box.y + box.height));
  return {
    width: Math.max(size.width, Math.ceil(right + MARGIN)),
    height: bottom <= size.height ? size.height : Math.ceil(bottom + MARGIN / 2),
  };
}
