import type { PlacedCard } from "../../layout/layout";
import { formatShare } from "../../numbers/format";
import type { Palette } from "../../painting/palette";
import type { PictureArray } from "../../wire/frame";

const LABEL_WIDTH = 16;
const THICKEST_BAR = 12;

/** exp(x) over its sum, stable for large logits. */
export function softmax(logits: Float32Array): Float32Array {
  const peak = logits.reduce((most, value) => Math.max(most, value), -Infinity);
  const powers = logits.map((value) => Math.exp(value - peak));
  const total = powers.reduce((sum, value) => sum + value, 0);
  return powers.map((value) => value / total);
}

/** Draws the answer of a classifier as one bar for each class; the true class is ringed. */
export function drawBars(
  context: CanvasRenderingContext2D,
  card: PlacedCard,
  logits: PictureArray,
  classes: readonly string[],
  truth: number | null,
  palette: Palette,
): void {
  const shares = softmax(logits.values);
  const most = shares.indexOf(Math.max(...shares));
  context.font = "12px system-ui, sans-serif";
  context.textBaseline = "middle";
  context.textAlign = "left";
  for (const tile of card.tiles) {
    const share = shares[tile.index] ?? 0;
    const middle = tile.y + tile.height / 2;
    const left = tile.x + LABEL_WIDTH;
    const bar = Math.min(THICKEST_BAR, tile.height - 3);
    const length = Math.max(1.5, share * (tile.width - LABEL_WIDTH));
    context.fillStyle = tile.index === most ? palette.ink : palette.second;
    context.fillText(label(classes, tile.index), tile.x, middle + 0.5);
    context.fillStyle = tile.index === most ? palette.accent : palette.third;
    context.fillRect(left, middle - bar / 2, length, bar);
    if (tile.index === truth) {
      ring(context, left, middle, tile.width - LABEL_WIDTH, bar, palette.ink);
    }
  }
}

/** The answer in words, for those who do not see the bars. */
export function tellBars(logits: PictureArray, classes: readonly string[]): string {
  const shares = softmax(logits.values);
  const most = shares.indexOf(Math.max(...shares));
  return `${label(classes, most)} ${formatShare(shares[most] ?? 0)}`;
}

function label(classes: readonly string[], index: number): string {
  return (classes[index] ?? String(index)).slice(0, 3);
}

function ring(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  bar: number,
  colour: string,
): void {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.strokeRect(x + 0.5, y - bar / 2 - 1.5, width - 1, bar + 3);
}
