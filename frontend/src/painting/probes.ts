import { descentProbe, isFunction } from "../descent/descent";
import { twoOf } from "../descent/two";
import type { Window } from "../descent/window";
import { lanesOf, readerOf } from "../lanes/lanes";
import { isComputable } from "../layers/forward";
import { sizeOf } from "../layers/turn";
import type { Choice, Own, Struck } from "../page/state";
import type { Plan } from "../wire/plan";
import type { Probe, Sample } from "../wire/types";

export type Mode = "values" | "weights" | "gradients";

export interface Looking {
  mode: Mode;
  /** Gradients and living units are wanted as figures, whatever the drawing shows. */
  health?: boolean;
  sample: Sample;
  /** Sent instead of the sample where the page cannot compute the net. */
  own: Own | null;
  choice: Choice;
  struck: Struck | null;
  visible: boolean;
  /** The window of the loss surface, where it is looked at. */
  surface?: Window | null;
  /** Layers whose insides are looked at. */
  inside?: readonly string[];
  looked?: readonly string[];
}

export const EXTENT = 6;
export const FIELD_RESOLUTION = 64;
const SURFACE_RESOLUTION = 64;
export const UNIT_RESOLUTION = 24;
// The service sends whole weights up to here; larger nets are asked layer by layer.
const MOST_SENT_PARAMETERS = 50_000;
const MOST_SAMPLES = 160;
// As many layers as one question may look into.
const MOST_INSIDES = 64;
// Standard normal noise lies within three of its deviations.
const NOISE_EXTENT = 3;
// Several networks have many tiles, and all of them travel with each picture.
const LANE_RESOLUTION = 16;
const MOST_GENERATED = 64;

/** Whether the net maps the plane, so that every unit is a picture of it. */
export function isPlane(plan: Plan | null): boolean {
  return plan?.data?.input.length === 1 && plan.data.input[0] === 2;
}

/** Whether the net reads pictures (channels, height, width). */
export function readsPictures(plan: Plan | null): boolean {
  return plan?.data?.input.length === 3;
}

/** Whether samples are lines of a table: texts, and features that are no place on the plane. */
export function readsRows(plan: Plan | null): boolean {
  return plan?.data?.input.length === 1 && !isPlane(plan) && !plan.networks && !isFunction(plan);
}

/** Whether a drawing in one ink is an input of the net: a single picture in grey. */
export function isDrawable(plan: Plan | null): boolean {
  return readsPictures(plan) && plan?.data?.input[0] === 1;
}

/** Whether an own input has as many numbers as the net reads. */
export function fits(own: Own, plan: Plan): boolean {
  return own.values.length === sizeOf(plan.data?.input ?? []);
}

/** Whether the page itself computes what the net answers, from the weights that it is sent. */
export function computes(plan: Plan): boolean {
  return !plan.networks && plan.totals.parameters <= MOST_SENT_PARAMETERS && isComputable(plan);
}

/** The pictures that the page needs of a net to draw what is looked at. */
export function wantedProbes(plan: Plan, looking: Looking): Probe[] {
  if (!plan.layers.length) return [];
  if (isFunction(plan)) {
    return looking.health ? [descentProbe(plan), { kind: "norms" }] : [descentProbe(plan)];
  }
  // Without data there is neither a sample to ask about nor anything to judge.
  if (!plan.data) return [];
  const { own } = looking;
  const sent = own && fits(own, plan) && !computes(plan) ? { values: [...own.values] } : null;
  const sample = sent ?? looking.sample;
  return [
    ...(plan.networks
      ? laneProbes(plan, sample)
      : [...valueProbes(plan, sample), ...insideProbes(plan, looking, sample)]),
    ...weightProbes(plan, looking),
    ...judgedProbes(plan, looking),
    ...surfaceProbes(plan, looking),
  ];
}

function valueProbes(plan: Plan, sample: Sample): Probe[] {
  if (isPlane(plan)) {
    return [{ kind: "field", resolution: FIELD_RESOLUTION, extent: EXTENT }, ...unitProbes(plan)];
  }
  const units: Probe = { kind: "units", sample };
  const confusion: Probe = { kind: "confusion", part: "validation" };
  return plan.data?.task === "classification" ? [units, confusion] : [units];
}

/** After an edit some of those that were looked at may be gone. */
function insideProbes(plan: Plan, looking: Looking, sample: Sample): Probe[] {
  const { inside = [], looked = [], visible } = looking;
  const there = new Set(plan.layers.map(({ name }) => name));
  const wanted = [...new Set([...inside, ...looked])].slice(0, MOST_INSIDES);
  const layers = wanted.filter((name) => there.has(name)).toSorted();
  return layers.length && visible ? [{ kind: "inside", layers, sample }] : [];
}

/** Each network over the plane that it reads, or for a sample, and what is made of noise. */
function laneProbes(plan: Plan, sample: Sample): Probe[] {
  const fields: Probe[] = isPlane(plan)
    ? [{ kind: "field", resolution: FIELD_RESOLUTION, extent: EXTENT, network: readerOf(plan) }]
    : [];
  const others = lanesOf(plan).filter(({ plan: own }) => !isPlane(own));
  const units = others.map(({ name }): Probe => ({ kind: "units", sample, network: name }));
  return [...fields, ...unitProbes(plan), ...units, ...generatedProbes(plan)];
}

function generatedProbes({ train }: Plan): Probe[] {
  const calls = (train.steps ?? []).flatMap((step) => step.calls);
  const makes = calls.some(({ from }) => Object.values(from).includes("noise"));
  return makes ? [{ kind: "generated", count: MOST_GENERATED }] : [];
}

export interface UnitProbe {
  kind: "unit_fields";
  resolution: number;
  extent: number;
  network?: string | null;
}

/** Every unit over the plane; of several networks each that reads two numbers. */
export function unitProbes(plan: Plan): UnitProbe[] {
  const one = { kind: "unit_fields", resolution: UNIT_RESOLUTION, extent: EXTENT } as const;
  if (!plan.networks) return [one];
  const reader = readerOf(plan);
  return lanesOf(plan)
    .filter(({ plan: own }) => isPlane(own))
    .map(({ name }) => ({
      ...one,
      resolution: LANE_RESOLUTION,
      extent: name === reader ? EXTENT : NOISE_EXTENT,
      network: name,
    }));
}

function weightProbes(plan: Plan, { mode, health, visible }: Looking): Probe[] {
  const probes: Probe[] = [];
  const sendable = plan.totals.parameters <= MOST_SENT_PARAMETERS;
  if (sendable && visible) probes.push({ kind: "weights" });
  if (mode !== "values") probes.push(...kernelProbes(plan, mode));
  if (mode === "gradients" || health) probes.push({ kind: "norms" });
  if (health && !plan.networks) probes.push({ kind: "activity" });
  return probes;
}

function kernelProbes(plan: Plan, of: "weights" | "gradients"): Probe[] {
  return plan.layers
    .filter((layer) => layer.type === "conv2d")
    .map((layer) => ({ kind: "kernels", layer: layer.name, of }));
}

/** The loss of a net of two trainable numbers over a window of them. */
function surfaceProbes(plan: Plan, { surface, visible }: Looking): Probe[] {
  if (!surface || !visible || !twoOf(plan)) return [];
  return [{ kind: "surface", resolution: SURFACE_RESOLUTION, ...surface }];
}

/** How samples are answered, and what the net is worth without what was struck out. */
function judgedProbes(plan: Plan, { choice, struck }: Looking): Probe[] {
  const probes: Probe[] = [];
  if (plan.networks) return [];
  if (struck) {
    const units = struck.unit === null ? null : [struck.unit];
    probes.push({ kind: "ablation", layer: struck.layer, units, part: "validation" });
  }
  if (!readsPictures(plan) && !readsRows(plan)) return probes;
  const classifies = plan.data?.task === "classification";
  const order = classifies || choice.order === "loss" ? choice.order : "index";
  const cell = classifies ? choice.cell : null;
  const count = MOST_SAMPLES;
  probes.push({ kind: "samples", part: "validation", start: 0, count, order, cell, judged: true });
  return probes;
}

/** The samples that the data panel and the output picture show. */
export function sampleProbes(plan: Plan): Probe[] {
  if (isPlane(plan)) {
    return [
      { kind: "samples", part: "train", start: 0, count: 1_000 },
      { kind: "samples", part: "validation", start: 0, count: 1_000 },
      ...drawnProbes(plan),
    ];
  }
  return [];
}

/** A person looks for every point that was drawn by hand, also for those kept for the test. */
function drawnProbes(plan: Plan): Probe[] {
  const wanted = plan.data?.name === "drawn" && (plan.data.sizes["test"] ?? 0) > 0;
  return wanted ? [{ kind: "samples", part: "test", start: 0, count: 1_000 }] : [];
}
