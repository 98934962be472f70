import { cssColour, SIGNED_LOOKUP, type Theme } from "../colour/scales";
import { isLettered } from "../layout/band_row";
import type { Card } from "../layout/cards";
import type { Box, PlacedCard, Tile } from "../layout/layout";
import { QUERIES } from "../layers/attention/bands";
import { Atlas } from "../painting/atlas";
import type { Palette } from "../painting/palette";
import type { Spot } from "../page/state";
import type { PictureArray } from "../wire/frame";
import { beamsOf, type Heads, MARK, middle } from "./beams";
import { type Known, type Matrix, matrixOf, partOf } from "./matrix";

/** What decides how the bands of a card look. */
export interface BandScene extends Known {
  theme: Theme;
  palette: Palette;
  spot: Spot | null;
}

const LETTER_FONT = "12px system-ui, sans-serif";
const FAINT = 0.45;
const LETTERED: Readonly<Record<string, string>> = { y: "x+p" };
const NAMED_WEIGHTS = 3;
const NAMED_FROM_WIDTH = 90;

/** Draws the matrices of cards: gates a step, attention, tables. */
export class BandPainting {
  private readonly atlases = new Map<string, Atlas>();
  private readonly arrays = new WeakMap<object, Map<string, Painted | null>>();

  draw(context: CanvasRenderingContext2D, card: PlacedCard, scene: BandScene): void {
    context.imageSmoothingEnabled = false;
    for (const tile of card.tiles) {
      if (card.bands[tile.index]?.part === QUERIES) drawBeams(context, card, tile, scene);
      else this.drawBand(context, card, tile, scene);
    }
    if (isLettered(card.bands)) drawLetters(context, card, scene.palette);
    if (card.bands[0]?.part === "table") drawRead(context, card, scene);
    if (scene.spot?.card === card.name) drawPlace(context, card, scene.spot, scene.palette);
  }

  /** Marks on the card that is read the step that is pointed at. */
  drawStepRead(
    context: CanvasRenderingContext2D,
    card: PlacedCard,
    source: PlacedCard,
    { spot, palette }: BandScene,
  ): void {
    const band = card.bands[spot?.index ?? -1];
    if (!band || spot?.pixel === undefined || spot.card !== card.name) return;
    if (band.square && !band.part.startsWith("head")) return;
    context.strokeStyle = palette.accent;
    context.lineWidth = 1.5;
    for (const box of boxesOfStep(source, spot.pixel % band.columns, band.columns)) {
      context.strokeRect(box.x - 0.5, box.y - 0.5, box.width + 1, box.height + 1);
    }
  }

  private drawBand(
    context: CanvasRenderingContext2D,
    card: PlacedCard,
    tile: Tile,
    scene: BandScene,
  ): void {
    const painted = this.paintedOf(card, tile.index, scene);
    if (!painted) {
      context.fillStyle = scene.palette.sunk;
      context.fillRect(tile.x, tile.y, tile.width, tile.height);
      return;
    }
    const name = `${card.name} ${tile.index}`;
    const atlas = this.atlases.get(name) ?? new Atlas();
    this.atlases.set(name, atlas);
    const { limit } = painted.matrix;
    atlas.update(painted.array, SIGNED_LOOKUP[scene.theme], [[-limit, limit]]);
    atlas.draw(context, 0, tile);
    context.strokeStyle = scene.palette.hairline;
    context.lineWidth = 1;
    context.strokeRect(tile.x - 0.5, tile.y - 0.5, tile.width + 1, tile.height + 1);
  }

  /** Computed once for each picture that comes. */
  private paintedOf(card: Card, index: number, known: Known): Painted | null {
    const source = card.bands[index]?.part === "y" ? known.units : known.inside;
    if (!source) return null;
    const all = this.arrays.get(source) ?? new Map<string, Painted | null>();
    this.arrays.set(source, all);
    const name = `${card.name} ${index}`;
    const before = all.get(name);
    if (before !== undefined) return before;
    const matrix = matrixOf(card, index, known);
    const painted = matrix && { matrix, array: pictureOf(name, matrix) };
    all.set(name, painted);
    return painted;
  }
}

/** A row of a picture that is read row by row, or a column of each band with as many steps. */
export function boxesOfStep(
  source: Pick<PlacedCard, "level" | "tiles" | "bands" | "shape">,
  step: number,
  steps: number,
): Box[] {
  const [tile] = source.tiles;
  if (source.level === "picture" && tile && source.shape[1] === steps) {
    const height = tile.height / steps;
    return [{ x: tile.x, y: tile.y + step * height, width: tile.width, height }];
  }
  return source.tiles.flatMap((each): Box[] => {
    const band = source.bands[each.index];
    if (!band || band.square || band.columns !== steps) return [];
    const width = each.width / steps;
    return [{ x: each.x + step * width, y: each.y, width, height: each.height }];
  });
}

interface Painted {
  matrix: Matrix;
  array: PictureArray;
}

function pictureOf(name: string, { rows, columns, values }: Matrix): PictureArray {
  return { name, shape: [1, rows, columns], values };
}

function drawLetters(context: CanvasRenderingContext2D, card: PlacedCard, palette: Palette): void {
  context.font = LETTER_FONT;
  context.fillStyle = palette.second;
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const tile of card.tiles) {
    const band = card.bands[tile.index];
    if (!band || band.block > 0 || tile.height < 6) continue;
    const told = LETTERED[band.part] ?? band.part;
    if (told.length > 1) continue;
    context.fillText(told, tile.x - 4, tile.y + tile.height / 2);
  }
}

/** The weights of a card's attention. */
export function headsOf(card: Card, known: Known): Heads | null {
  const array = partOf(card, "weights", known);
  const [heads = 0, queries = 0, keys = 0] = array?.shape ?? [];
  return array && heads ? { heads, queries, keys, values: array.values } : null;
}

/** The head and the query that are pointed at; null for all. */
export function pointedQuery(
  card: Card,
  spot: Spot | null,
  keys: number,
): { head: number | null; query: number | null } {
  if (spot?.card !== card.name || spot.pixel === undefined) return { head: null, query: null };
  if (spot.index === 0) return { head: null, query: spot.pixel };
  return { head: spot.index - 1, query: Math.floor(spot.pixel / keys) };
}

function drawBeams(
  context: CanvasRenderingContext2D,
  card: PlacedCard,
  box: Tile,
  scene: BandScene,
): void {
  const attention = headsOf(card, scene);
  if (!attention) return;
  const { keys, queries } = attention;
  const { head, query } = pointedQuery(card, scene.spot, keys);
  const beams = beamsOf(attention, box, head, query);
  context.strokeStyle = cssColour(SIGNED_LOOKUP[scene.theme], query === null ? 210 : 250);
  for (const { from, to, width, weight } of beams) {
    context.globalAlpha = query === null ? FAINT * Math.min(1, 0.25 + weight) : 0.9;
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(from.x, from.y);
    const bend = (to.y - from.y) / 2;
    context.bezierCurveTo(from.x, from.y + bend, to.x, to.y - bend, to.x, to.y);
    context.stroke();
  }
  context.globalAlpha = 1;
  drawMarks(context, box, keys, box.y, scene.palette.third);
  drawMarks(context, box, queries, box.y + box.height - MARK, scene.palette.third, query);
  if (query !== null && box.width >= NAMED_FROM_WIDTH) {
    nameWeights(context, beams.slice(0, NAMED_WEIGHTS), scene.palette);
  }
}

function drawMarks(
  context: CanvasRenderingContext2D,
  box: Tile,
  count: number,
  y: number,
  colour: string,
  only: number | null = null,
): void {
  const side = Math.max(2, Math.min(MARK, box.width / count - 2));
  context.fillStyle = colour;
  for (let at = 0; at < count; at++) {
    context.globalAlpha = only === null || only === at ? 1 : 0.35;
    context.fillRect(middle(box, at, count) - side / 2, y + (MARK - side) / 2, side, side);
  }
  context.globalAlpha = 1;
}

function nameWeights(
  context: CanvasRenderingContext2D,
  beams: readonly { from: { x: number; y: number }; weight: number }[],
  palette: Palette,
): void {
  context.font = LETTER_FONT;
  context.textAlign = "center";
  context.textBaseline = "top";
  context.lineWidth = 3;
  context.strokeStyle = palette.surface;
  context.fillStyle = palette.ink;
  let taken: number[] = [];
  for (const { from, weight } of beams) {
    if (taken.some((x) => Math.abs(x - from.x) < 26)) continue;
    taken = [...taken, from.x];
    const told = `${Math.round(weight * 100)}`;
    context.strokeText(told, from.x, from.y + 3);
    context.fillText(told, from.x, from.y + 3);
  }
}

/** A mark beside each row of a table that the sample reads. */
function drawRead(context: CanvasRenderingContext2D, card: PlacedCard, scene: BandScene): void {
  const table = card.tiles[0];
  const rows = card.bands[0]?.rows ?? 0;
  if (!table || !rows) return;
  context.fillStyle = scene.palette.accent;
  const height = table.height / rows;
  for (const id of partOf(card, "ids", scene)?.values ?? []) {
    if (id < rows) context.fillRect(table.x - 5, table.y + id * height, 3, Math.max(1, height - 1));
  }
}

/** The number that is pointed at, and its step in the bands above and below it. */
function drawPlace(
  context: CanvasRenderingContext2D,
  card: PlacedCard,
  spot: Spot,
  palette: Palette,
): void {
  const tile = card.tiles[spot.index];
  const band = card.bands[spot.index];
  if (!tile || !band || spot.pixel === undefined || band.part === QUERIES) return;
  const column = spot.pixel % band.columns;
  const row = Math.floor(spot.pixel / band.columns);
  context.strokeStyle = palette.accent;
  for (const other of card.tiles) {
    const beside = card.bands[other.index];
    if (beside?.block !== band.block || beside.columns !== band.columns || band.square) continue;
    context.globalAlpha = 0.55;
    context.lineWidth = 1;
    const width = other.width / beside.columns;
    context.strokeRect(other.x + column * width - 0.5, other.y - 0.5, width + 1, other.height + 1);
  }
  context.globalAlpha = 1;
  context.lineWidth = 2;
  const [width, height] = [tile.width / band.columns, tile.height / band.rows];
  context.strokeRect(
    tile.x + column * width - 1,
    tile.y + row * height - 1,
    Math.max(3, width) + 2,
    Math.max(3, height) + 2,
  );
}
