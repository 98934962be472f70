/** Words of weights and biases set by hand. */
export const enHand = {
  byHand: "by hand",
  setByHand: "Set a weight by hand",
  biasOf: "Bias of unit {index} of {layer}: drag up or down",
  bias: "bias",
  weightFrom: "weight from",
  weightValue: "Value",
} as const;
