/** Taking a run or a draft away. */
export const enExports = {
  exportAs: "Export",
  exportPytorch: "PyTorch script",
  exportOnnx: "Network (ONNX)",
  exportSafetensors: "Weights (safetensors)",
  exportCsv: "Curves (CSV)",
  exportParquet: "Curves (Parquet)",
  exportBundle: "Everything (zip)",
  copyPytorch: "PyTorch",
  startFromWeights: "Start from these weights",
  startedFrom: "{title}, pretrained",
} as const;
