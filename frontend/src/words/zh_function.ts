import type { enFunction } from "./en_function";

/** 普通函数下降的文字。 */
export const zhFunction: Record<keyof typeof enFunction, string> = {
  function: "函数",
  functionStart: "起点",
  functionNow: "当前",
  functionHint:
    "可用数字、变量（如 x、w2）、+ − × ÷、乘方（**）、sin、cos、exp、tanh、sqrt、log、pi。" +
    "每一步都沿坡度的反方向走，学习率决定走多远。",
  functionNoData: "普通函数没有数据。可在中间或“文本”标签里改写它。",
  descentPicture: "函数曲线与下降的路径",
};
