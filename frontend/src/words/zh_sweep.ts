import type { enSweep } from "./en_sweep";

export const zhSweep: Record<keyof typeof enSweep, string> = {
  sweep: "变化字段：同时训练许多网络",
  sweepMore: "参数扫描……",
  sweeps: "参数扫描",
  varyField: "在参数扫描中变化{field}",
};
