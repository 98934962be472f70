export { default as BandLine } from "../components/BandLine.svelte";
export { default as PartPictures } from "../components/PartPictures.svelte";
export { BandPainting } from "./painting";
export { bandName } from "./sums";
export { drawParameterBars, drawSlab } from "../painting/slabs";
export { drawWords } from "../painting/words";
