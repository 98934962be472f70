export { BandPainting } from "./painting";
export { bandName, tellBand } from "./sums";
