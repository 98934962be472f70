import type { Plan } from "../wire/plan";
import { cards, isNarrow, type Card } from "./cards";
import { placeRow } from "./row";
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

export interface Layout extends Size {
  cards: PlacedCard[];
  joints: Joint[];
  /** Whether units stand as bare tiles with edges, not in cards. */
  narrow: boolean;
}

const MARGIN = 24;

/** Whether a card has units, maps or cells that can be pointed at. */
export function isPointable({ level }: Card): boolean {
  return level !== "plain";
}

/** Where everything of a network stands; the same plan and size give the same boxes. */
export function layout(plan: Plan, size: Size): Layout {
  const all = cards(plan);
  const narrow = isNarrow(all);
  const columns = byLongestPath(all);
  const placed = (narrow ? placeUnits : placeRow)(columns, size);
  return { ...extent(placed, size), cards: placed, joints: joints(placed), narrow };
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
