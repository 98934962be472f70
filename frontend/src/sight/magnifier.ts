import type { Position } from "./place";

export const LENS = 88;
export const ENLARGED = 2;
const ABOVE = 56;
const MARGIN = 4;

/** Where the lens stands, its upper left corner: above the finger, else beside it. */
export function lensAt(finger: Position, screen: { width: number }): Position {
  const x = Math.max(MARGIN, Math.min(screen.width - LENS - MARGIN, finger.x - LENS / 2));
  const y = finger.y - ABOVE - LENS;
  if (y >= MARGIN) return { x, y };
  const right = finger.x + ABOVE;
  const beside = right + LENS + MARGIN <= screen.width ? right : finger.x - ABOVE - LENS;
  return { x: Math.max(MARGIN, beside), y: Math.max(MARGIN, y) };
}

/** Draws what lies under the finger, twice as large, onto a square of the lens's side. */
export function magnify(
  context: CanvasRenderingContext2D,
  pictures: Iterable<HTMLCanvasElement>,
  finger: Position,
  paper: string,
): void {
  context.fillStyle = paper;
  context.fillRect(0, 0, LENS, LENS);
  context.imageSmoothingEnabled = false;
  for (const picture of pictures) {
    const box = picture.getBoundingClientRect();
    if (!picture.width || !box.width) continue;
    context.globalAlpha = Number(getComputedStyle(picture).opacity);
    const [left, top] = [finger.x - box.left, finger.y - box.top];
    context.drawImage(
      picture,
      LENS / 2 - ENLARGED * left,
      LENS / 2 - ENLARGED * top,
      ENLARGED * box.width,
      ENLARGED * box.height,
    );
  }
  context.globalAlpha = 1;
}
