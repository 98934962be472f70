import type { Json } from "./plan";

/** A JSON schema (2020-12), as far as the language uses it. */
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

/** A layer of the catalogue: what it means and what it lets one choose. */
export interface LayerEntry {
  type: string;
  family: string;
  meaning: string;
  formula: string;
  fields: Record<string, Schema>;
  required: string[];
}

/** A data set that the service knows. */
export interface DatasetEntry {
  name: string;
  meaning: string;
  options: Record<string, Schema>;
}
