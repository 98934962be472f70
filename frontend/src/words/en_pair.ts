/** Words of A|B. */
export const enPair = {
  pair: "Compare with a change (A|B)",
  pairChoose: "B is A with one change:",
  pairKeep: "Keep B",
  pairEnd: "End the comparison and keep A",
  pairActivation: "activation {from} → {to}",
  pairNorm: "with batch normalization",
  pairOptimizer: "optimizer {from} → {to}",
  pairRate: "learning rate {from} → {to}",
  pairStart: "start from zeros",
  pairDepth: "one layer more",
  pairDropout: "with dropout {rate}",
  pairSeed: "other start and order (seed {to})",
  curveBeside: "B",
} as const;
