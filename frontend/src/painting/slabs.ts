import { cssColour, SIGNED_LOOKUP, type Theme } from "../colour/scales";
import { BARS_AT } from "../layout/slabs";
import type { PlacedCard } from "../layout/layout";
import type { PictureArray } from "../wire/frame";
import type { Palette } from "./palette";

const CORNER = 3;
const ARC_RISE = 14;
const BAR_HEIGHT = 60;
const MOST_CELLS = 24;
const STRIPES = [165, 195, 225];
const PLAIN_ENTRY = 165;

/** A slab: stripes where branches meet, an arc for a shortcut, mean activation where it is known. */
export function drawSlab(
  context: CanvasRenderingContext2D,
  card: PlacedCard,
  values: PictureArray | undefined,
  theme: Theme,
  palette: Palette,
): void {
  const { x, y, width, height } = card.box;
  const { stripes = [], shortcuts = 0 } = card.fold ?? {};
  context.save();
  context.beginPath();
  context.roundRect(x, y, width, height, Math.min(CORNER, width / 2));
  context.clip();
  context.fillStyle = colour(theme, PLAIN_ENTRY);
  context.fillRect(x, y, width, height);
  if (stripes.length) drawStripes(context, card, stripes, theme, palette);
  else if (values) drawCells(context, card, values, theme);
  context.restore();
  context.strokeStyle = palette.third;
  context.lineWidth = 1;
  context.beginPath();
  context.roundRect(x + 0.5, y + 0.5, width - 1, height - 1, Math.min(CORNER, width / 2));
  context.stroke();
  if (shortcuts) drawArc(context, card, palette);
}

function colour(theme: Theme, entry: number): string {
  return cssColour(SIGNED_LOOKUP[theme], entry);
}

function drawStripes(
  context: CanvasRenderingContext2D,
  { box }: PlacedCard,
  stripes: readonly number[],
  theme: Theme,
  palette: Palette,
): void {
  let top = box.y;
  for (const [at, share] of stripes.entries()) {
    context.fillStyle = colour(theme, STRIPES[at % STRIPES.length] ?? PLAIN_ENTRY);
    context.fillRect(box.x, top, box.width, share * box.height);
    context.fillStyle = palette.surface;
    if (at) context.fillRect(box.x, top - 0.5, box.width, 1);
    top += share * box.height;
  }
}

/** Means over the channels, several to a cell. */
function drawCells(
  context: CanvasRenderingContext2D,
  { box }: PlacedCard,
  { shape, values }: PictureArray,
  theme: Theme,
): void {
  const channels = shape[0] ?? 1;
  const each = values.length / channels;
  const count = Math.min(MOST_CELLS, channels);
  const means = Array.from({ length: count }, (_, at) => {
    const [from, to] = [
      Math.floor((at * channels) / count),
      Math.floor(((at + 1) * channels) / count),
    ];
    const part = values.subarray(from * each, to * each);
    return part.reduce((sum, value) => sum + value, 0) / Math.max(1, part.length);
  });
  const peak = Math.max(...means.map(Math.abs), 1e-9);
  for (const [at, mean] of means.entries()) {
    context.fillStyle = colour(theme, 127.5 + (127.5 * mean) / peak);
    const tall = box.height / count;
    context.fillRect(box.x, box.y + at * tall, box.width, tall + 0.5);
  }
}

function drawArc(context: CanvasRenderingContext2D, { box }: PlacedCard, palette: Palette): void {
  const top = Math.max(2, box.y - ARC_RISE);
  context.strokeStyle = palette.accent;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(box.x, box.y - 2);
  context.bezierCurveTo(box.x, top, box.x + box.width, top, box.x + box.width, box.y - 2);
  context.stroke();
}

/** Bars of the parameters of each slab, the largest as high as there is room. */
export function drawParameterBars(
  context: CanvasRenderingContext2D,
  cards: readonly PlacedCard[],
  height: number,
  palette: Palette,
): void {
  const most = Math.max(...cards.map(({ parameters }) => parameters), 1);
  const foot = height * BARS_AT + BAR_HEIGHT;
  context.fillStyle = palette.third;
  for (const { box, parameters } of cards) {
    const tall = (parameters / most) * BAR_HEIGHT;
    if (tall > 0) context.fillRect(box.x, foot - Math.max(1, tall), box.width, Math.max(1, tall));
  }
  context.fillStyle = palette.hairline;
  const [first, last] = [cards[0], cards.at(-1)];
  if (first && last) {
    context.fillRect(first.box.x, foot, last.box.x + last.box.width - first.box.x, 1);
  }
}
