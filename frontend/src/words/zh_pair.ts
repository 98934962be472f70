/** A|B 比较的词语。 */
export const zhPair = {
  pair: "改一处来比较（A|B）",
  pairChoose: "B 与 A 只差一处：",
  pairKeep: "保留 B",
  pairEnd: "结束比较，保留 A",
  pairActivation: "激活函数 {from} → {to}",
  pairNorm: "加上批归一化",
  pairOptimizer: "优化器 {from} → {to}",
  pairRate: "学习率 {from} → {to}",
  pairStart: "从零开始（参数全为 0）",
  pairDepth: "多一层",
  pairDropout: "加上丢弃法（Dropout）{rate}",
  pairSeed: "不同的初始值和顺序（种子 {to}）",
  curveBeside: "B 组",
} as const;
