import { CLASS_COLOURS, cssColour, SIGNED_LOOKUP, type Theme } from "../colour/scales";

/** Outlines of ● ■ ▲ ◆ ✚ ★ ▼ ⬢ around the origin, about one unit from it, as SVG paths. */
const OUTLINES: readonly string[] = [
  "M1 0A1 1 0 1 1-1 0A1 1 0 1 1 1 0Z",
  "M-.87-.87H.87V.87H-.87Z",
  "M0-1.15L1.1.8H-1.1Z",
  "M0-1.25L1.25 0 0 1.25-1.25 0Z",
  "M-.38-1.1H.38V-.38H1.1V.38H.38V1.1H-.38V.38H-1.1V-.38H-.38Z",
  "M0-1.3L.36-.5 1.24-.4.59.19.76 1.05 0 .62-.76 1.05-.59.19-1.24-.4-.36-.5Z",
  "M0 1.15L1.1-.8H-1.1Z",
  "M1.1 0L.55.95H-.55L-1.1 0-.55-.95H.55Z",
];

/**
 * The place of a class in the lists of shapes and colours. The first two change places: a net of
 * two classes answers with a sign, where class 1 is the positive, blue one, and drawing a third
 * class must not turn the colours of the first two around.
 */
function placeOf(label: number): number {
  const place = ((label % OUTLINES.length) + OUTLINES.length) % OUTLINES.length;
  return place < 2 ? 1 - place : place;
}

export function outlineOf(label: number): string {
  return OUTLINES[placeOf(label)] ?? "";
}

/** A circle, which marks the points of a regression. */
export const ROUND = OUTLINES[0] as string;

export function classColour(label: number, theme: Theme): string {
  return CLASS_COLOURS[theme][placeOf(label)] ?? "";
}

/** The colours of the classes 0, 1, … in order. */
export function classColours(theme: Theme): string[] {
  return CLASS_COLOURS[theme].map((_, label) => classColour(label, theme));
}

/** The colour of a target from −1 to 1 on the signed scale. */
export function valueColour(target: number, theme: Theme): string {
  return cssColour(SIGNED_LOOKUP[theme], 127.5 + 127.5 * Math.max(-1, Math.min(1, target)));
}
