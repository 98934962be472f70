import type { RunPublic } from "./types";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A document of the language as a person wrote it. */
export type Document = { [key: string]: Json };

/** One fault of a document, or one piece of advice: what, where, and what would mend it. */
export interface Problem {
  code: string;
  params: Record<string, unknown>;
  path: string;
  layer: string | null;
  message: string;
  /** The message in the language that was asked for; a plan's advice has none. */
  text?: string;
  expected: string | null;
  got: string | null;
  hint: string | null;
  fix: unknown;
}

export interface PlannedLayer {
  name: string;
  type: string;
  inputs: string[];
  output: number[];
  parameters: number;
  multiply_adds: number;
  activation_bytes?: number;
  receptive_field?: { size: number[]; stride: number[] } | null;
  source: string;
  fields: Record<string, Json>;
  tensors?: { name: string; shape: number[]; buffer: boolean; trainable?: boolean }[];
  /** Shapes of what it gives beside its output, by name. */
  extras?: Record<string, number[]>;
}

export interface PlannedData {
  name: string;
  options: Record<string, Json>;
  split: Record<string, Json>;
  task: "classification" | "regression";
  input: number[];
  target: number[];
  classes: string[];
  sizes: Record<string, number>;
  /** Of texts: how many numbers there are for their words. */
  words?: number;
}

/** One term of what is made small, with the fields of its own type. */
export interface PlannedLoss {
  type: string;
  input: string;
  weight: number;
  [field: string]: Json;
}

/** One use of a network within a step: what it is given, by the names of its inputs. */
export interface PlannedCall {
  name: string;
  network: string;
  from: Record<string, string>;
  detach: boolean;
}

/** One part of an alternation; its losses read calls. */
export interface PlannedStep {
  name: string;
  update: string[];
  calls: PlannedCall[];
  losses: PlannedLoss[];
}

/** Which of the plan's inputs and layers are those of one network of several. */
export interface PlannedNetwork {
  inputs: string[];
  layers: string[];
  output: string;
  totals: Plan["totals"];
}

export interface PlannedTraining {
  epochs: number;
  batch_size: number;
  optimizer: Record<string, Json>;
  losses?: PlannedLoss[];
  /** Of several networks. */
  steps?: PlannedStep[];
  l1: number;
  l2: number;
  seed: number;
}

/** What `plan` answers, as far as the page reads it; the server's schema calls it an object. */
export interface Plan {
  /** Shapes by name; of several networks by their full names. */
  inputs?: Record<string, number[]>;
  /** Where there are several. */
  networks?: Record<string, PlannedNetwork>;
  layers: PlannedLayer[];
  /** The name of the layer that answers. */
  output?: string;
  totals: { parameters: number; multiply_adds: number };
  hash: string;
  advice: Problem[];
  data: PlannedData | null;
  /** A plain function that is descended in place of a network. */
  function?: { expression: string; start: number[] };
  train: PlannedTraining;
}

/** A run's row with its document and plan in their own types. */
export interface RunRow extends Omit<RunPublic, "document" | "plan"> {
  document: Document;
  plan?: Plan | null;
}

/** A published network: what `/zoo` answers of each. */
export interface ZooEntry {
  name: string;
  title: string;
  source: string;
  note: string;
  parameters: number;
  document: Document;
}

export interface Preset {
  name: string;
  title: Record<string, string>;
  document: Document;
}

/** A plan whose sides of any length, `*` as they travel, are 0. */
export function closed(plan: Plan): Plan {
  const shape = (sides: readonly (number | "*")[]): number[] =>
    sides.map((side) => (side === "*" ? 0 : side));
  const shapes = (all: Record<string, (number | "*")[]>): Record<string, number[]> =>
    Object.fromEntries(Object.entries(all).map(([name, sides]) => [name, shape(sides)]));
  return {
    ...plan,
    ...(plan.inputs && { inputs: shapes(plan.inputs) }),
    layers: plan.layers.map((layer) => ({
      ...layer,
      output: shape(layer.output),
      ...(layer.extras && { extras: shapes(layer.extras) }),
    })),
  };
}
