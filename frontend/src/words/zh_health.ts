/** 网络状况：梯度、存活的单元、诊断与对策。 */
export const zhHealth = {
  healthGradientShort: "梯度",
  healthDead: "死亡",
  healthActive: "激活",
  healthSaturated: "饱和",
  healthLegend:
    "基于 {count} 个训练样本：死亡单元对所有样本都输出 0；激活是大于 0 的输出所占比例；饱和指斜率已不足最大值十分之一的输出。",
  verdict: "诊断",
  verdictAt: "第 {step} 步",
  remedyLeaky: "Leaky ReLU、学习率 {rate}",
  remedyDecay: "L2 {l2}",
  remedyRate: "学习率 {rate}",
  remedyOn: "改用 {remedy}，从第 {step} 步继续",
  remedyAnew: "改用 {remedy}，重新开始",
  remedyBeside: "两者并排比较（A|B）",
};
