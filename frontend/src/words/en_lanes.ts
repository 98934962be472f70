/** Words of several networks that train in alternation. */
export const enLanes = {
  madePictures: "Pictures made of noise, eight in a row",
  realSample: "real",
  madeSample: "made",
  madePull: "pull of its step",
  judgedMade: "made",
  judgedReal: "real",
  dsRing: "ring of clouds",
} as const;
