import type { enZoo } from "./en_zoo";

export const zhZoo: Record<keyof typeof enZoo, string> = {
  zoo: "经典网络",
  zooSearch: "resnet、attention、2014…",
  zooNone: "没有网络同时含有这些词。",
  zooWaits: "正在载入列表。",
  unfold: "展开 {name}，共 {count} 层",
  unfoldedTrail: "已展开的模块",
  wholeNetwork: "整体",
  slabLayers: "{count} 层",
  multiplyAdds: "次乘加",
  receptiveField: "感受野 {field}",
  parametersEach: "各块的参数量",
  pointSlabHint: "指向一块可看形状与开销；点击模块可展开。",
  pointPlanHint: "这是没有数据的设计：点击一层即可修改。",
  planNoPicture: "没有数据，也就没有输出可看。",
  planNoData:
    "此设计没有指定数据：可以阅读、修改和导出。若要训练，请在“文本”标签中写入数据和相配的尺寸。",
};
