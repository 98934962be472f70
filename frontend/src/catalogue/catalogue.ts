import type { Json } from "../wire/plan";

/** A JSON Schema without references, as the service gives it for each field. */
export interface Schema {
  type?: string;
  enum?: Json[];
  const?: Json;
  default?: Json;
  description?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  anyOf?: Schema[];
  oneOf?: Schema[];
  items?: Schema;
  prefixItems?: Schema[];
  properties?: Record<string, Schema>;
}

export interface Section {
  fields: Record<string, Schema>;
  required: string[];
}

export interface LayerKind extends Section {
  type: string;
  family: string;
  meaning: string;
  formula: string;
  inputs: { fewest: number; most: number };
  ranks: number[];
}

/** Everything that can be put into a document, with its fields and their bounds. */
export interface Catalogue {
  layers: LayerKind[];
  train: Section;
}

export function kindOf(catalogue: Catalogue | null, type: string): LayerKind | undefined {
  return catalogue?.layers.find((kind) => kind.type === type);
}
