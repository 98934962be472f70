import {
  cssColour,
  figureOn,
  INK_LOOKUP,
  type Lookup,
  SIGNED_LOOKUP,
  type Theme,
} from "../colour/scales";
import { insides } from "../insides/shelf";
import type { BandPainting } from "../insides/painting";
import type { Values } from "../layers/forward";
import { mosaic } from "../layers/conv/kernels";
import { kernelsOn } from "../sight/kernels";
import { wordsOf } from "../sight/rows";
import { drawBars } from "../layers/linear/bars";
import {
  drawBundle,
  drawEdges,
  edgesOf,
  matrixBox,
  MOST_EDGES,
  termsOf,
} from "../layers/linear/edges";
import {
  isDeep,
  NAMED_FROM,
  type Joint,
  type Layout,
  type PlacedCard,
  type Tile,
} from "../layout/layout";
import { formatTerm } from "../numbers/format";
import type { Scale, Spot } from "../page/state";
import { arrayOf, type Picture, type PictureArray } from "../wire/frame";
import { Atlas, type Range } from "./atlas";
import { type Palette, PALETTES } from "./palette";
import { JUDGED, kernelsKey, keyedBy, type Pictures } from "./pictures";
import type { Mode } from "./probes";
import { signedRanges, symmetric } from "./ranges";

/** All that decides how the network looks at a moment. */
export interface NetworkScene {
  layout: Layout;
  classes: readonly string[];
  theme: Theme;
  mode: Mode;
  scale: Scale;
  spot: Spot | null;
  /** What the units answer to one input; then they show that instead of their pictures. */
  values: Values | null;
  /** What the page computed of the input on show, where it can; it goes before what was sent. */
  units?: Picture | undefined;
  /** The map that is read on which a card shows its kernels alone. */
  kernelsOn?: ReadonlyMap<string, number>;
  /** The same of what goes on inside layers. */
  inside?: Picture | undefined;
}

const STALE_STRENGTH = 0.6;
const CORNER = 3;
const ROOM_FOR_FIGURE = 36;
const ARC_RISE = 18;
const ARC_FOOT = 14;

/** Draws edges, fields, maps, cells and bars of a network onto one canvas. */
export class NetworkPainting {
  private readonly atlases = new Map<string, Atlas>();
  private bands: BandPainting | null = null;
  private readonly mosaics = new WeakMap<PictureArray, Laid>();

  constructor(private readonly pictures: Pictures) {}

  draw(context: CanvasRenderingContext2D, scene: NetworkScene): void {
    const palette = PALETTES[scene.theme];
    context.globalAlpha = this.pictures.stale ? STALE_STRENGTH : 1;
    for (const joint of scene.layout.joints) this.drawJoint(context, joint, scene, palette);
    for (const card of scene.layout.cards) this.drawCard(context, card, scene, palette);
    const { layout } = scene;
    if (isDeep(layout) && layout.height >= NAMED_FROM)
      insides.value?.drawParameterBars(context, layout.cards, layout.height, palette);
    context.globalAlpha = 1;
  }

  private drawJoint(
    context: CanvasRenderingContext2D,
    joint: Joint,
    scene: NetworkScene,
    palette: Palette,
  ): void {
    if (!scene.layout.narrow) return drawLine(context, joint, scene.layout.cards, palette);
    const weights = arrayOf(this.pictures.get("weights"), `${joint.to.name}.weight`);
    if (!weights) return drawBundle(context, joint, palette.hairline);
    if (weights.values.length > MOST_EDGES) return this.drawMatrix(context, joint, weights, scene);
    const input = scene.values?.get(joint.from.shows);
    const edges = edgesOf(joint, input ? termsOf(weights, input) : weights, scene.spot);
    drawEdges(context, edges, scene.theme, this.isUnitSpot(scene));
  }

  private isUnitSpot(scene: NetworkScene): boolean {
    return scene.layout.cards.some(
      (card) => card.name === scene.spot?.card && card.from.length > 0,
    );
  }

  private drawMatrix(
    context: CanvasRenderingContext2D,
    joint: Joint,
    weights: PictureArray,
    scene: NetworkScene,
  ): void {
    const flat = { ...weights, shape: [1, ...weights.shape] };
    const atlas = this.atlasOf(`matrix ${joint.to.name}`);
    atlas.update(flat, SIGNED_LOOKUP[scene.theme], signedRanges(flat, pictureOf(flat), "layer"));
    context.imageSmoothingEnabled = false;
    atlas.draw(context, 0, matrixBox(joint));
  }

  private drawCard(
    context: CanvasRenderingContext2D,
    card: PlacedCard,
    scene: NetworkScene,
    palette: Palette,
  ): void {
    if (card.level === "bars") this.drawAnswer(context, card, scene, palette);
    else if (card.level === "cells") this.drawCells(context, card, scene, palette);
    else if (card.level === "bands") return this.drawBands(context, card, scene, palette);
    else if (card.level === "slab") {
      const values = arrayOf(this.unitsOf(card, scene), card.shows);
      insides.value?.drawSlab(context, card, values, scene.theme, palette);
    } else if (card.level !== "plain") this.drawTiles(context, card, scene, palette);
    this.drawSpot(context, card, scene, palette);
  }

  private drawBands(
    context: CanvasRenderingContext2D,
    card: PlacedCard,
    scene: NetworkScene,
    palette: Palette,
  ): void {
    const code = insides.value;
    if (!code) return drawWaiting(context, card.tiles, palette);
    this.bands ??= new code.BandPainting();
    const { theme, spot } = scene;
    const units = scene.units ?? this.pictures.get("units");
    const inside = scene.inside ?? this.pictures.get("inside");
    const known = { inside, units, theme, palette, spot };
    this.bands.draw(context, card, known);
    const source = scene.layout.cards.find(({ name }) => name === card.from[0]);
    if (source) this.bands.drawStepRead(context, card, source, known);
  }

  private drawTiles(
    context: CanvasRenderingContext2D,
    card: PlacedCard,
    scene: NetworkScene,
    palette: Palette,
  ): void {
    const painted = this.arrayFor(card, scene);
    if (!painted) return drawWaiting(context, card.tiles, palette);
    if (painted.array.shape.length < 3) return this.drawCells(context, card, scene, palette);
    const lit = scene.values?.get(card.shows);
    if (lit) return drawLit(context, card.tiles, lit, painted, palette);
    const atlas = this.atlasOf(card.name);
    atlas.update(painted.array, painted.lookup, painted.ranges);
    context.imageSmoothingEnabled = painted.smooth;
    context.imageSmoothingQuality = "high";
    for (const tile of card.tiles) {
      atlas.draw(context, tile.index, tile);
      frame(context, tile, palette.hairline, 1);
    }
  }

  /** Which array a card shows, in which colours. */
  private arrayFor(card: PlacedCard, scene: NetworkScene): Painted | null {
    const kernels = scene.mode === "values" ? undefined : this.kernelsOf(card, scene);
    if (kernels) return signed(kernels, pictureOf(kernels), scene, false);
    const fields = this.pictures.get(keyedBy("unit_fields", card.network));
    const field = arrayOf(fields, card.shows);
    if (fields && field) return signed(field, fields, scene, true);
    const units = this.unitsOf(card, scene);
    const values = arrayOf(units, card.shows);
    if (!units || !values) return null;
    if (card.level === "picture") return inked(values, scene.theme);
    return signed(values, units, scene, false);
  }

  private unitsOf(card: PlacedCard, scene: NetworkScene): Picture | undefined {
    return scene.units ?? this.pictures.get(keyedBy("units", card.network));
  }

  private kernelsOf(card: PlacedCard, scene: NetworkScene): PictureArray | undefined {
    const kernels = arrayOf(this.pictures.get(kernelsKey(card.name, scene.mode)), "kernels");
    if (!kernels) return undefined;
    const on = scene.kernelsOn?.get(card.name);
    const before = this.mosaics.get(kernels);
    if (before && before.on === on) return before.laid;
    const laid = on === undefined ? mosaic(kernels) : kernelsOn(kernels, on);
    this.mosaics.set(kernels, { on, laid });
    return laid;
  }

  private drawCells(
    context: CanvasRenderingContext2D,
    card: PlacedCard,
    scene: NetworkScene,
    palette: Palette,
  ): void {
    const units = this.unitsOf(card, scene);
    const array = arrayOf(units, card.shows);
    if (!units || !array) return drawWaiting(context, card.tiles, palette);
    const [, limit] = signedRanges(pooled(array), units, "layer")[0] ?? symmetric(1);
    const each = array.values.length / card.tiles.length;
    const words = card.type === "input" ? wordsOf(this.pictures.get(JUDGED)) : null;
    if (words && each === 1)
      return insides.value?.drawWords(context, card.tiles, array.values, words, palette);
    for (const tile of card.tiles) {
      const value = meanOf(array.values, tile.index * each, each);
      context.fillStyle = cssColour(SIGNED_LOOKUP[scene.theme], 127.5 + (127.5 * value) / limit);
      context.fillRect(tile.x, tile.y, tile.width - 0.5, tile.height - 0.5);
    }
  }

  private drawAnswer(
    context: CanvasRenderingContext2D,
    card: PlacedCard,
    scene: NetworkScene,
    palette: Palette,
  ): void {
    const units = this.unitsOf(card, scene);
    const logits = arrayOf(units, card.shows);
    if (!logits) return drawWaiting(context, card.tiles, palette);
    const target = units?.meta["target"];
    const truth = typeof target === "number" ? target : null;
    drawBars(context, card, logits, scene.classes, truth, palette);
  }

  private drawSpot(
    context: CanvasRenderingContext2D,
    card: PlacedCard,
    scene: NetworkScene,
    palette: Palette,
  ): void {
    if (scene.spot?.card !== card.name || card.level === "bars") return;
    const tile = card.tiles[scene.spot.index];
    if (tile) frame(context, tile, palette.accent, 2);
  }

  private atlasOf(name: string): Atlas {
    const atlas = this.atlases.get(name) ?? new Atlas();
    this.atlases.set(name, atlas);
    return atlas;
  }
}

/** Kernels as pictures of their filters: on all that they read, or on one map of it. */
interface Laid {
  on: number | undefined;
  laid: PictureArray;
}

interface Painted {
  array: PictureArray;
  lookup: Lookup;
  ranges: Range[];
  smooth: boolean;
}

function signed(
  array: PictureArray,
  picture: Picture,
  scene: NetworkScene,
  smooth: boolean,
): Painted {
  const ranges = signedRanges(array, picture, scene.scale);
  return { array, lookup: SIGNED_LOOKUP[scene.theme], ranges, smooth };
}

/** A sample that is a picture, ink on paper; several channels are shown as their first. */
function inked(array: PictureArray, theme: Theme): Painted {
  const peak = array.values.reduce((most, value) => Math.max(most, value), 0);
  const ranges = array.shape.map((): Range => [0, peak || 1]);
  return { array, lookup: INK_LOOKUP[theme], ranges, smooth: false };
}

function pictureOf(array: PictureArray): Picture {
  return { run: null, probe: "", kind: "weights", step: 0, epoch: 0, meta: {}, arrays: [array] };
}

/** All values under one index, so that one range covers them. */
function pooled(array: PictureArray): PictureArray {
  return { ...array, shape: [1, array.values.length] };
}

function meanOf(values: Float32Array, start: number, count: number): number {
  const first = Math.floor(start);
  const last = Math.max(first + 1, Math.floor(start + count));
  let sum = 0;
  for (let index = first; index < last; index++) sum += values[index] ?? 0;
  return sum / (last - first);
}

/** Tiles in the colour of one value each, with the value on it where there is room. */
function drawLit(
  context: CanvasRenderingContext2D,
  tiles: readonly Tile[],
  values: ArrayLike<number>,
  painted: Painted,
  palette: Palette,
): void {
  context.font = "12px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const tile of tiles) {
    const value = values[tile.index] ?? 0;
    const limit = painted.ranges[tile.index]?.[1] ?? 1;
    const entry = Math.max(0, Math.min(255, Math.round(127.5 + (127.5 * value) / limit)));
    context.fillStyle = cssColour(painted.lookup, entry);
    context.fillRect(tile.x, tile.y, tile.width, tile.height);
    frame(context, tile, palette.hairline, 1);
    if (tile.width < ROOM_FOR_FIGURE) continue;
    context.fillStyle = figureOn(painted.lookup[entry] ?? 0);
    context.fillText(formatTerm(value), tile.x + tile.width / 2, tile.y + tile.height / 2 + 1);
  }
}

function drawLine(
  context: CanvasRenderingContext2D,
  joint: Joint,
  cards: readonly PlacedCard[],
  palette: Palette,
): void {
  const { from, to } = joint;
  const top = highestBetween(joint, cards);
  if (top !== null) return drawArc(context, joint, top, palette);
  context.strokeStyle = palette.third;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(from.box.x + from.box.width, from.box.y + from.box.height / 2);
  context.lineTo(to.box.x, to.box.y + to.box.height / 2);
  context.stroke();
}

/** The top of the cards that stand between two on the straight way; null where there is none. */
function highestBetween({ from, to }: Joint, cards: readonly PlacedCard[]): number | null {
  const y = (from.box.y + from.box.height / 2 + to.box.y + to.box.height / 2) / 2;
  const between = cards.filter(
    ({ box }) =>
      box.x > from.box.x + from.box.width &&
      box.x + box.width < to.box.x &&
      Math.abs(box.y + box.height / 2 - y) < box.height / 2,
  );
  return between.length ? Math.min(...between.map(({ box }) => box.y)) : null;
}

/** A shortcut, over the cards that it leaves out. */
function drawArc(
  context: CanvasRenderingContext2D,
  { from, to }: Joint,
  top: number,
  palette: Palette,
): void {
  const over = Math.max(3, Math.min(top, from.box.y, to.box.y) - ARC_RISE);
  const [left, right] = [from.box.x + from.box.width - ARC_FOOT, to.box.x + ARC_FOOT];
  context.strokeStyle = palette.accent;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(left, from.box.y);
  context.bezierCurveTo(left, over, left, over, left + ARC_RISE, over);
  context.lineTo(right - ARC_RISE, over);
  context.bezierCurveTo(right, over, right, over, right, to.box.y);
  context.stroke();
}

function drawWaiting(
  context: CanvasRenderingContext2D,
  tiles: readonly Tile[],
  palette: Palette,
): void {
  context.fillStyle = palette.sunk;
  for (const tile of tiles) {
    context.beginPath();
    context.roundRect(tile.x, tile.y, tile.width, tile.height, CORNER);
    context.fill();
  }
}

function frame(context: CanvasRenderingContext2D, tile: Tile, colour: string, width: number): void {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  const offset = width / 2;
  context.roundRect(
    tile.x - offset,
    tile.y - offset,
    tile.width + 2 * offset,
    tile.height + 2 * offset,
    CORNER,
  );
  context.stroke();
}
