import type { Picture } from "../wire/frame";
import { arrayOf } from "../wire/frame";

/** How strongly a layer is being changed. */
export interface LayerHealth {
  layer: string;
  gradient: number;
  /** Length of its bar, 0 to 1, over the decades between least and greatest. */
  share: number;
}

const DECADES = 4;

/** The gradient norm of each layer, from the first to the last; empty before the first step. */
export function healthOf(norms: Picture | undefined): LayerHealth[] {
  const values = arrayOf(norms, "gradients")?.values ?? [];
  const layers = (norms?.meta["layers"] as string[] | undefined) ?? [];
  const greatest = Math.max(0, ...Array.from(values).filter(Number.isFinite));
  return layers.map((layer, index) => {
    const gradient = values[index] ?? 0;
    return { layer, gradient, share: shareOf(gradient, greatest) };
  });
}

/** On a logarithmic scale: gradients that vanish do so by powers of ten. */
function shareOf(value: number, greatest: number): number {
  if (!Number.isFinite(value)) return 1;
  if (value <= 0 || greatest <= 0) return 0;
  return Math.max(0, 1 + Math.log10(value / greatest) / DECADES);
}
