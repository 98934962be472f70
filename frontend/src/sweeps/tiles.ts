import type { Sweep } from "../wire/sweeps";

/** How the pictures of members stand. */
export interface TileLayout {
  columns: number;
  side: number;
  gap: number;
  height: number;
}

export const PAGE = 64;
export const SIDE = 80;
const GAP = 8;
const MOST_COLUMNS = 8;
const PHONE_COLUMNS = 4;
const WIDEST = 168;
// Eight rows of 80; taller only where that makes the pictures too small.
const TALLEST = 696;

/** Two lists of a grid give rows and columns; else as square as it can be. */
export function columnsOf(
  { method, vary, seeds }: Pick<Sweep, "method" | "vary" | "seeds">,
  count: number,
  phone: boolean,
): number {
  const most = phone ? PHONE_COLUMNS : MOST_COLUMNS;
  const last = method === "grid" ? (vary.at(-1)?.values?.length ?? 0) * seeds : 0;
  if (last > 1 && last <= most) return last;
  return Math.max(1, Math.min(most, Math.ceil(Math.sqrt(count))));
}

/** Pictures of 80 on a grid of eight; fewer are larger, as far as there is room. */
export function layoutOf(count: number, columns: number, width: number): TileLayout {
  const free = Math.floor((width - GAP * (columns - 1)) / columns);
  const rows = Math.ceil(count / columns);
  const fitting = Math.floor((TALLEST + GAP) / rows) - GAP;
  const side = Math.max(24, Math.min(free, WIDEST, Math.max(SIDE + GAP, fitting)));
  return { columns, side, gap: GAP, height: rows * (side + GAP) - GAP };
}

export function placeOf(at: number, { columns, side, gap }: TileLayout): { x: number; y: number } {
  return { x: (at % columns) * (side + gap), y: Math.floor(at / columns) * (side + gap) };
}

/** The picture that an arrow leads to; the same at an edge. */
export function beside(at: number, key: string, columns: number, count: number): number {
  const steps: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    Home: -at,
    End: count - 1 - at,
  };
  const next = at + (steps[key] ?? 0);
  return next < 0 || next >= count ? at : next;
}
