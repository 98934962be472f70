import type { enTimeline } from "./en_timeline";

export const zhTimeline: Record<keyof typeof enTimeline, string> = {
  playRecording: "播放记录",
  holdRecording: "暂停播放",
  backToLive: "回到当前",
  liveButton: "当前",
  trainFromHere: "从这里训练",
  forkFrom: "从第 {step} 步分叉",
  pastStep: "第 {step} 步，过去",
  presentStep: "第 {step} 步，当前",
  logSteps: "对数",
  logStepsLong: "步数轴取对数",
  trackHelp: "方向键移动一个快照，按住 Shift 移动十个；Page Up 与 Page Down 跳到标记",
  markControl: "第 {step} 步：{change}",
  markCheckpoint: "第 {step} 步：已保存，可从这里继续训练",
  markFork: "第 {step} 步：从上级运行分叉",
  markRewind: "第 {step} 步由另一进程接手",
  markDiverged: "第 {step} 步：损失发散",
  lasso: "L1",
  ridge: "L2",
  speedFreeShort: "不限",
};
