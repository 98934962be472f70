import type { Theme } from "../colour/scales";

/** The colours of the page that canvases need; the same as in `page.css`. */
export interface Palette {
  paper: string;
  surface: string;
  sunk: string;
  hairline: string;
  ink: string;
  second: string;
  third: string;
  accent: string;
  backward: string;
  bad: string;
}

export const PALETTES: Record<Theme, Palette> = {
  light: {
    paper: "#FAF9F6",
    surface: "#FFFFFF",
    sunk: "#F1EFEA",
    hairline: "#DDD9D0",
    ink: "#1E2227",
    second: "#535B64",
    third: "#646B73",
    accent: "#0B6E66",
    backward: "#A3195B",
    bad: "#B3261E",
  },
  dark: {
    paper: "#14171B",
    surface: "#1B1F24",
    sunk: "#101316",
    hairline: "#2E343B",
    ink: "#E8E6E1",
    second: "#AEB4BB",
    third: "#8F969E",
    accent: "#4FC3B5",
    backward: "#FF7FB0",
    bad: "#FF8A80",
  },
};
