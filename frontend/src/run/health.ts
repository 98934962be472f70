import type { Picture } from "../wire/frame";
import { arrayOf } from "../wire/frame";

/** How strongly a layer is being changed, and how many of its units live. */
export interface LayerHealth {
  layer: string;
  /** Null for a layer that has nothing to learn. */
  gradient: number | null;
  /** Length of its bar, 0 to 1, over the decades between least and greatest. */
  share: number;
  living: Living;
}

/** Shares of a layer's units and answers; null where its function knows no such state. */
export interface Living {
  dead: number | null;
  active: number | null;
  saturated: number | null;
}

const DECADES = 4;
const UNKNOWN: Living = { dead: null, active: null, saturated: null };

/**
 * Each layer from the first to the last of `order`, with its gradient norm and its living units;
 * empty while neither is known.
 */
export function healthOf(
  norms: Picture | undefined,
  activity: Picture | undefined,
  order: readonly string[],
): LayerHealth[] {
  const gradients = gradientsOf(norms);
  const living = livingOf(activity);
  const known = [...new Set([...gradients.keys(), ...living.keys()])];
  known.sort((a, b) => order.indexOf(a) - order.indexOf(b));
  const greatest = Math.max(0, ...[...gradients.values()].filter(Number.isFinite));
  return known.map((layer) => {
    const gradient = gradients.get(layer) ?? null;
    const share = gradient === null ? 0 : shareOf(gradient, greatest);
    return { layer, gradient, share, living: living.get(layer) ?? UNKNOWN };
  });
}

/** The shares of each layer that has a function, by its name. */
export function livingOf(activity: Picture | undefined): Map<string, Living> {
  const layers = (activity?.meta["layers"] as string[] | undefined) ?? [];
  const at = (name: keyof Living, index: number): number | null => {
    const share = arrayOf(activity, name)?.values[index] ?? NaN;
    return Number.isNaN(share) ? null : share;
  };
  return new Map(
    layers.map((layer, index) => [
      layer,
      { dead: at("dead", index), active: at("active", index), saturated: at("saturated", index) },
    ]),
  );
}

function gradientsOf(norms: Picture | undefined): Map<string, number> {
  const values = arrayOf(norms, "gradients")?.values ?? [];
  const layers = (norms?.meta["layers"] as string[] | undefined) ?? [];
  return new Map(layers.map((layer, index) => [layer, values[index] ?? 0]));
}

/** On a logarithmic scale: gradients that vanish do so by powers of ten. */
function shareOf(value: number, greatest: number): number {
  if (!Number.isFinite(value)) return 1;
  if (value <= 0 || greatest <= 0) return 0;
  return Math.max(0, 1 + Math.log10(value / greatest) / DECADES);
}
