/** 曲线的词语。 */
export const zhCurves = {
  curveTrainEval: "整体",
  curveValidation: "验证",
  curveAccuracy: "准确率",
  curveBefore: "上一次",
  curveWhole: "全部",
  curveReadable: "损失曲线。左右方向键读取数值，加号、减号缩放，0 显示全部。",
  smoothOff: "平滑",
  smoothSome: "平滑 1",
  smoothMuch: "平滑 2",
  guess: "猜测",
  guessGap: "猜测 ± {gap}",
  guessPad: "你对训练损失的猜测。直接画出，或用方向键移动笔尖。",
  guessHint: "画出你猜测的损失曲线",
  guessAt: "第 {step} 步，损失 {loss}",
} as const;
