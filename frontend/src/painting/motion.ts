import { cssColour, figureOn, SIGNED_LOOKUP, type Theme } from "../colour/scales";
import { drawEdges, edgesOf, termsOf } from "../layers/linear/edges";
import type { Joint, Layout, PlacedCard, Tile } from "../layout/layout";
import type { Batch } from "../motion/batch";
import { peakOf } from "../motion/batch";
import type { Moment } from "../motion/slow";
import { formatLoss, formatScientific } from "../numbers/format";
import type { PictureArray } from "../wire/frame";
import type { Atlas } from "./atlas";
import type { Palette } from "./palette";
import { symmetric } from "./ranges";

/** All that decides how a batch in slow motion looks at a moment. */
export interface MotionScene {
  layout: Layout;
  batch: Batch;
  moment: Moment;
  /** A whole phase at once: what has been passed is shown, and nothing moves. */
  still: boolean;
  theme: Theme;
  palette: Palette;
  weights(name: string): PictureArray | undefined;
  atlas(name: string): Atlas;
}

// Width of the front that passes over the joints.
const FRONT = 120;
const DASH = [6, 4];
const ROOM_FOR_FIGURE = 36;
const RADIUS = 3;
const PILL = { height: 28, padding: 12 };

/** Draws the batch over the network: values forwards, the loss, gradients backwards, updates. */
export function drawMotion(context: CanvasRenderingContext2D, scene: MotionScene): void {
  const { phase } = scene.moment;
  if (phase === "forward" || phase === "backward") {
    for (const joint of scene.layout.joints) drawFront(context, joint, scene);
  } else if (phase === "update") {
    for (const joint of scene.layout.joints) drawUpdate(context, joint, scene);
  }
  for (const card of scene.layout.cards) if (isReached(card, scene)) drawCard(context, card, scene);
  if (phase === "loss" || phase === "backward") drawLoss(context, scene);
}

/** Where the front stands, from left to right or back. */
function frontOf({ layout, moment: { phase, share } }: MotionScene): number {
  const reach = layout.width + FRONT;
  return phase === "forward" ? share * reach : (1 - share) * reach - FRONT;
}

function isReached({ box }: PlacedCard, scene: MotionScene): boolean {
  const { phase } = scene.moment;
  if (phase === "loss" || phase === "update") return true;
  if (scene.still) return true;
  const middle = box.x + box.width / 2;
  return phase === "forward" ? middle <= frontOf(scene) : middle >= frontOf(scene);
}

/** The joint under the front: what flows through it now. */
function drawFront(context: CanvasRenderingContext2D, joint: Joint, scene: MotionScene): void {
  const { moment, layout, palette } = scene;
  const back = moment.phase === "backward";
  context.save();
  if (!scene.still) {
    const left = frontOf(scene) - (back ? 0 : FRONT);
    context.beginPath();
    context.rect(left, 0, FRONT, layout.height);
    context.clip();
  }
  context.setLineDash(back ? DASH : []);
  if (!layout.narrow) drawLine(context, joint, back ? palette.backward : palette.accent);
  else drawFlow(context, joint, scene, back);
  context.restore();
}

/** Forwards each weight times the mean of what it reads; backwards the gradient of the weight. */
function drawFlow(
  context: CanvasRenderingContext2D,
  joint: Joint,
  scene: MotionScene,
  back: boolean,
): void {
  const name = `${joint.to.name}.weight`;
  const weights = scene.weights(name);
  if (!weights) return;
  const input = scene.batch.values.get(joint.from.shows);
  const gradient = scene.batch.gradients.get(name);
  if (back && gradient) {
    const edges = edgesOf(joint, { ...weights, values: gradient }, null);
    drawEdges(context, edges, scene.theme, false, scene.palette.backward);
  } else if (!back) {
    drawEdges(
      context,
      edgesOf(joint, input ? termsOf(weights, input) : weights, null),
      scene.theme,
      false,
    );
  }
}

/** What the optimizer adds to each weight, growing as it is added. */
function drawUpdate(context: CanvasRenderingContext2D, joint: Joint, scene: MotionScene): void {
  const name = `${joint.to.name}.weight`;
  const weights = scene.weights(name);
  const update = scene.batch.updates.get(name);
  context.save();
  context.globalAlpha = scene.still ? 1 : scene.moment.share;
  if (!scene.layout.narrow) drawLine(context, joint, scene.palette.accent);
  else if (weights && update) {
    drawEdges(context, edgesOf(joint, { ...weights, values: update }, null), scene.theme, false);
  }
  context.restore();
}

function drawCard(context: CanvasRenderingContext2D, card: PlacedCard, scene: MotionScene): void {
  const { phase } = scene.moment;
  const numbers = numbersOf(card, scene);
  if (!numbers || card.level === "plain" || card.level === "bars" || phase === "update") return;
  if (card.shape.length === 3) drawMaps(context, card, numbers, scene);
  else drawUnits(context, card, numbers, scene);
}

function numbersOf(card: PlacedCard, { batch, moment }: MotionScene): Float32Array | undefined {
  return (moment.phase === "backward" ? batch.deltas : batch.values).get(card.shows);
}

function drawMaps(
  context: CanvasRenderingContext2D,
  card: PlacedCard,
  values: Float32Array,
  scene: MotionScene,
): void {
  const atlas = scene.atlas(`${card.name} ${scene.moment.phase}`);
  const range = symmetric(peakOf(values));
  const array = { name: card.shows, shape: [...card.shape], values };
  atlas.update(
    array,
    SIGNED_LOOKUP[scene.theme],
    card.tiles.map(() => range),
  );
  context.imageSmoothingEnabled = false;
  for (const tile of card.tiles) {
    atlas.draw(context, tile.index, tile);
    outline(context, tile, scene);
  }
}

function drawUnits(
  context: CanvasRenderingContext2D,
  card: PlacedCard,
  values: Float32Array,
  scene: MotionScene,
): void {
  const limit = peakOf(values) || 1;
  const lookup = SIGNED_LOOKUP[scene.theme];
  const each = Math.max(1, Math.floor(values.length / Math.max(1, card.tiles.length)));
  context.font = "12px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const tile of card.tiles) {
    const value = values[tile.index * each] ?? 0;
    const entry = Math.max(0, Math.min(255, Math.round(127.5 + (127.5 * value) / limit)));
    context.fillStyle = cssColour(lookup, entry);
    context.fillRect(tile.x, tile.y, tile.width, tile.height);
    outline(context, tile, scene);
    if (tile.width < ROOM_FOR_FIGURE) continue;
    context.fillStyle = figureOn(lookup[entry] ?? 0);
    const [x, y] = [tile.x + tile.width / 2, tile.y + tile.height / 2 + 1];
    context.fillText(short(value), x, y, tile.width - 4);
  }
}

/** A tile has room for five signs. */
function short(value: number): string {
  const size = Math.abs(value);
  if (size >= 10) return value.toFixed(0);
  return size < 0.001
    ? value.toFixed(4).replace("-", "−").replace("0.", ".")
    : formatScientific(value, 2);
}

function outline(context: CanvasRenderingContext2D, tile: Tile, scene: MotionScene): void {
  const back = scene.moment.phase === "backward";
  if (tile.width < 12) return;
  context.setLineDash(back ? [4, 3] : []);
  context.strokeStyle = back ? scene.palette.backward : scene.palette.hairline;
  context.lineWidth = back ? 1.5 : 1;
  context.beginPath();
  context.roundRect(tile.x - 0.5, tile.y - 0.5, tile.width + 1, tile.height + 1, RADIUS);
  context.stroke();
  context.setLineDash([]);
}

function drawLine(context: CanvasRenderingContext2D, { from, to }: Joint, colour: string): void {
  context.strokeStyle = colour;
  context.lineWidth = 4;
  context.beginPath();
  context.moveTo(from.box.x + from.box.width, from.box.y + from.box.height / 2);
  context.lineTo(to.box.x, to.box.y + to.box.height / 2);
  context.stroke();
}

/** The loss where it arises, over the last card; it stays while it flows back. */
function drawLoss(context: CanvasRenderingContext2D, scene: MotionScene): void {
  const { layout, batch, palette, moment } = scene;
  const last = layout.cards.at(-1);
  if (!last) return;
  context.font = "500 13px system-ui, sans-serif";
  const text = formatLoss(batch.loss);
  const width = context.measureText(text).width + 2 * PILL.padding;
  const tile = last.tiles[0] ?? last.box;
  const x = Math.min(layout.width - width - 4, tile.x + tile.width / 2 - width / 2);
  const top = layout.narrow ? tile.y - 4 : last.box.y;
  const y = Math.max(4, top - PILL.height - 8);
  const grown = moment.phase === "loss" && !scene.still ? moment.share : 1;
  context.globalAlpha = Math.min(1, 0.25 + grown);
  context.beginPath();
  context.roundRect(x, y, width, PILL.height, PILL.height / 2);
  context.fillStyle = palette.surface;
  context.fill();
  context.strokeStyle = palette.backward;
  context.lineWidth = 1.5;
  context.stroke();
  context.fillStyle = palette.backward;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(text, x + width / 2, y + PILL.height / 2 + 1);
  context.globalAlpha = 1;
}
