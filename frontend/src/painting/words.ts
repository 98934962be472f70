import type { Tile } from "../layout/layout";
import type { Palette } from "./palette";

const LARGEST = 12;
const PADDING = "∅";

/** The words of a text, each in its tile; places that are filled up are told by their sign. */
export function drawWords(
  context: CanvasRenderingContext2D,
  tiles: readonly Tile[],
  numbers: ArrayLike<number>,
  words: readonly string[],
  palette: Palette,
): void {
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const tile of tiles) {
    const number = Math.round(numbers[tile.index] ?? 0);
    context.fillStyle = palette.sunk;
    context.fillRect(tile.x, tile.y, tile.width - 0.5, tile.height - 0.5);
    context.font = `${Math.min(LARGEST, tile.height - 1)}px system-ui, sans-serif`;
    context.fillStyle = number ? palette.ink : palette.third;
    const told = number ? (words[number] ?? "?") : PADDING;
    context.fillText(told, tile.x + tile.width / 2, tile.y + tile.height / 2 + 0.5, tile.width - 2);
  }
}
