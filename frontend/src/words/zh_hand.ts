/** 手动设置权重和偏置的词语。 */
export const zhHand = {
  byHand: "手动",
  setByHand: "手动设置权重",
  biasOf: "{layer} 第 {index} 个单元的偏置：上下拖动",
  bias: "偏置",
  weightFrom: "权重来自",
  weightValue: "数值",
} as const;
