export { BandPainting } from "./painting";
export { askedOf, partsOf } from "./parts";
export { drawPart } from "./parts_painting";
export { tellPart } from "./parts_telling";
export { bandName, tellBand } from "./sums";
