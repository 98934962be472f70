import type { enSurface } from "./en_surface";

/** 两个数上的损失曲面的文字。 */
export const zhSurface: Record<keyof typeof enSurface, string> = {
  surface: "损失曲面",
  surfaceTitle: "两个可训练的数上的损失，以及各次训练走过的路径",
  surfacePicture: "{first}（横）与 {second}（纵）上的损失，以及 {count} 次训练的路径",
  surfacePaths: "路径图例",
  surfaceBatch: "批量 {size}",
  surfaceWhole: "批量 {size}（全部）",
  surfaceBefore: "先前",
};
