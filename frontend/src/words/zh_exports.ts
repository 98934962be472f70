import type { enExports } from "./en_exports";

/** 导出。 */
export const zhExports: Record<keyof typeof enExports, string> = {
  exportAs: "导出",
  exportPytorch: "PyTorch 脚本",
  exportOnnx: "网络（ONNX）",
  exportSafetensors: "权重（safetensors）",
  exportCsv: "曲线（CSV）",
  exportParquet: "曲线（Parquet）",
  exportBundle: "全部内容（zip）",
  copyPytorch: "PyTorch",
  startFromWeights: "从这些权重开始",
  startedFrom: "{title}（预训练）",
};
