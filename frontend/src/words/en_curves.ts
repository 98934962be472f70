/** Words of the curves. */
export const enCurves = {
  curveTrainEval: "whole",
  curveValidation: "valid.",
  curveAccuracy: "acc.",
  curveBefore: "before",
  curveWhole: "whole",
  curveReadable:
    "Loss curves. Left and right arrows read values, plus and minus look closer, 0 shows all.",
  smoothOff: "smooth",
  smoothSome: "smooth 1",
  smoothMuch: "smooth 2",
  guess: "guess",
  guessGap: "guess ± {gap}",
  guessPad: "Your guess of the training loss. Draw it, or lead the pen with the arrow keys.",
  guessHint: "Draw your guess of the loss",
  guessAt: "step {step}, loss {loss}",
} as const;
