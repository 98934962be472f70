/** 交替训练的多个网络的用语。 */
export const zhLanes = {
  madePictures: "由噪声生成的图片，每行八张",
  realSample: "真实",
  madeSample: "生成",
  madePull: "梯度的拉力",
  judgedMade: "判为生成",
  judgedReal: "判为真实",
  dsRing: "环上的点团",
} as const;
