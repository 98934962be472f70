import type { Catalogue, LayerKind, Section } from "../wire/catalogue";

/** What can be said of a written entry, be it a layer or a composite with no body of its own. */
export function sectionOf(
  catalogue: Catalogue | null,
  type: string,
): (Section & { meaning: string }) | undefined {
  const composite = catalogue?.composites?.find((each) => each.type === type);
  return kindOf(catalogue, type) ?? (composite?.required.length ? undefined : composite);
}

export function kindOf(catalogue: Catalogue | null, type: string): LayerKind | undefined {
  return catalogue?.layers.find((kind) => kind.type === type);
}
