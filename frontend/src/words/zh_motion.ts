/** 慢动作看一个批。 */
export const zhMotion = {
  slow: "慢动作看一个批（按住）",
  slowMotion: "慢动作看一个批",
  slowSeveral: "多个网络时不可用：每一步中各网络有各自的批次。",
  slowLarge: "网络过大：最多 50,000 个参数、100,000 个输出。",
  slowFunction: "普通函数没有批次。",
  slowHold: "暂停",
  slowGoOn: "继续",
  slowNext: "下一幅",
  slowEnd: "结束",
  slowStep: "第 {step} 步",
  slowValue: "值",
  slowForward: "前向：每个单元对这一批 {size} 个样本的平均输出",
  slowLoss: "损失 {loss}，{size} 个样本的平均",
  slowBackward: "反向：损失随每个输出、每个权重如何变化",
  slowUpdate: "更新，学习率 {rate}：每个权重逆着梯度移动，{name} 移动最多，{update}",
};
