import { mix, parseHex, type Rgb } from "./oklab";

export type Theme = "light" | "dark";

/** 256 colours, each four bytes as a canvas of this machine stores them (ABGR, little-endian). */
export type Lookup = Uint32Array;

const SIGNED: Record<Theme, readonly string[]> = {
  light: "#B85A00 #D47D30 #F0A050 #F5CAA3 #F5F3EE #B1CEE6 #6AA9DC #4384C1 #1A5FA6".split(" "),
  dark: "#FFB057 #D3893A #A8641C #63462F #23282E #2B4966 #2D6CA3 #4D90D0 #6DB6FF".split(" "),
};
const CIVIDIS = "#00224E #3B496C #707173 #A59C74 #FEE838".split(" ");
const INK_ON_PAPER: Record<Theme, readonly string[]> = {
  light: ["#FFFFFF", "#1E2227"],
  dark: ["#101316", "#E8E6E1"],
};

export const CLASS_COLOURS: Record<Theme, readonly string[]> = {
  light: "#0072B2 #D55E00 #009E73 #CC79A7 #E69F00 #56B4E9 #6B4E00 #555555".split(" "),
  dark: "#2F86D0 #FF7A33 #12B886 #F0A6CF #FFF0A3 #C7EBFF #8F6B1E #6F6F6F".split(" "),
};
export const CLASS_SHAPES = "●■▲◆✚★▼⬢";

/** Spreads stops evenly over 256 entries, mixed in OKLab. */
export function lookup(stops: readonly string[]): Lookup {
  const colours = stops.map(parseHex);
  return Uint32Array.from({ length: 256 }, (_, entry) => pack(between(colours, entry / 255)));
}

export const SIGNED_LOOKUP: Record<Theme, Lookup> = {
  light: lookup(SIGNED.light),
  dark: lookup(SIGNED.dark),
};
export const CIVIDIS_LOOKUP: Lookup = lookup(CIVIDIS);
export const INK_LOOKUP: Record<Theme, Lookup> = {
  light: lookup(INK_ON_PAPER.light),
  dark: lookup(INK_ON_PAPER.dark),
};

/** CSS text of an entry of a lookup. */
export function cssColour(table: Lookup, entry: number): string {
  const packed = table[Math.max(0, Math.min(255, Math.round(entry)))] ?? 0;
  return `rgb(${packed & 255}, ${(packed >> 8) & 255}, ${(packed >> 16) & 255})`;
}

/** Black or white, whichever stands out more from a packed colour (WCAG 2 contrast). */
export function figureOn(packed: number): "#000" | "#fff" {
  const light = [packed & 255, (packed >> 8) & 255, (packed >> 16) & 255].map(luminance);
  const total = 0.2126 * (light[0] ?? 0) + 0.7152 * (light[1] ?? 0) + 0.0722 * (light[2] ?? 0);
  return (total + 0.05) / 0.05 > 1.05 / (total + 0.05) ? "#000" : "#fff";
}

function luminance(byte: number): number {
  const share = byte / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

function between(colours: readonly Rgb[], share: number): Rgb {
  const place = share * (colours.length - 1);
  const left = Math.min(colours.length - 2, Math.floor(place));
  return mix(colours[left] as Rgb, colours[left + 1] as Rgb, place - left);
}

function pack([red, green, blue]: Rgb): number {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
