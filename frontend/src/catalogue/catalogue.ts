import type { Catalogue, LayerKind } from "../wire/catalogue";

export function kindOf(catalogue: Catalogue | null, type: string): LayerKind | undefined {
  return catalogue?.layers.find((kind) => kind.type === type);
}
