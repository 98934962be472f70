import type { Layout, PlacedCard } from "../layout/layout";
import type { Struck } from "../page/state";
import { unitOf } from "../sight/place";
import { difference } from "../sight/shift";
import type { Values } from "../layers/forward";
import type { Palette } from "./palette";

const COVER = 0.78;
const STRIP_HEIGHT = 4;
const STRIP_DROP = 3;

/** Greys what is struck out, with a stroke through it. */
export function drawStruck(
  context: CanvasRenderingContext2D,
  layout: Layout,
  struck: Struck | null,
  palette: Palette,
): void {
  const card = layout.cards.find(({ name }) => name === struck?.card);
  if (!card || !struck) return;
  for (const tile of card.tiles) {
    if (struck.unit !== null && unitOf(card, tile.index) !== struck.unit) continue;
    context.globalAlpha = COVER;
    context.fillStyle = palette.third;
    context.fillRect(tile.x, tile.y, tile.width, tile.height);
    context.globalAlpha = 1;
    context.strokeStyle = palette.surface;
    context.lineWidth = Math.max(1, tile.width / 14);
    context.beginPath();
    context.moveTo(tile.x + 2, tile.y + tile.height - 2);
    context.lineTo(tile.x + tile.width - 2, tile.y + 2);
    context.stroke();
  }
}

/** A strip along the foot of each card: how much it changed when the sample was moved. */
export function drawDifferences(
  context: CanvasRenderingContext2D,
  layout: Layout,
  before: Values,
  after: Values,
  palette: Palette,
): void {
  for (const card of layout.cards) {
    const [was, is] = [before.get(card.shows), after.get(card.shows)];
    if (was && is) drawStrip(context, card, difference(was, is), palette);
  }
}

function drawStrip(
  context: CanvasRenderingContext2D,
  { box }: PlacedCard,
  share: number,
  palette: Palette,
): void {
  const [x, y, width] = [box.x + 8, box.y + box.height - STRIP_HEIGHT - STRIP_DROP, box.width - 16];
  context.fillStyle = palette.hairline;
  context.fillRect(x, y, width, STRIP_HEIGHT);
  context.fillStyle = palette.accent;
  context.fillRect(x, y, width * Math.min(1, share), STRIP_HEIGHT);
}
