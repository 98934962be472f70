/** Taking a run or a draft away. */
export const enExports = {
  exportAs: "Export",
  exportPytorch: "PyTorch script",
  exportSafetensors: "Weights (safetensors)",
  exportCsv: "Curves (CSV)",
  exportBundle: "Everything (zip)",
  copyPytorch: "PyTorch",
} as const;
