import type { Json } from "./plan";

/** A JSON schema (2020-12), as far as the language uses it; that of a single field has no references. */
export interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string;
  const?: Json;
  enum?: Json[];
  default?: Json;
  title?: string;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  prefixItems?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
}

/** Fields that are written together, with those that have no default. */
export interface Section {
  fields: Record<string, Schema>;
  required: string[];
}

/** A layer of the catalogue: what it means and what it lets one choose. */
export interface LayerKind extends Section {
  type: string;
  family: string;
  meaning: string;
  formula: string;
  inputs: { fewest: number; most: number };
  /** With how many axes it takes its first input; none named is any number. */
  ranks: number[];
  /** Whether it reads whole numbers alone, such as words of a list. */
  integers?: boolean;
}

/** Everything that can be put into a document, with its fields and their bounds. */
export interface Catalogue {
  layers: LayerKind[];
  composites?: (Section & { type: string; meaning: string })[];
  data?: Section;
  train: Section;
}

/** A data set that the service knows. */
export interface DatasetEntry {
  name: string;
  meaning: string;
  options: Record<string, Schema>;
}
