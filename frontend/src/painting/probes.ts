import type { Plan } from "../wire/plan";
import type { Probe, Sample } from "../wire/types";

export type Mode = "values" | "weights" | "gradients";

export interface Looking {
  mode: Mode;
  /** Gradients are wanted as figures, whatever the drawing shows. */
  health?: boolean;
  sample: Sample;
}

export const EXTENT = 6;
export const FIELD_RESOLUTION = 64;
export const UNIT_RESOLUTION = 24;
// The service sends whole weights up to here; larger nets are asked layer by layer.
const MOST_SENT_PARAMETERS = 50_000;

/** Whether the net maps the plane, so that every unit is a picture of it. */
export function isPlane(plan: Plan | null): boolean {
  return plan?.data?.input.length === 1 && plan.data.input[0] === 2;
}

/** Whether the net reads pictures (channels, height, width). */
export function readsPictures(plan: Plan | null): boolean {
  return plan?.data?.input.length === 3;
}

/** The pictures that the page needs of a net to draw what is looked at. */
export function wantedProbes(plan: Plan, looking: Looking): Probe[] {
  return [...valueProbes(plan, looking), ...weightProbes(plan, looking)];
}

function valueProbes(plan: Plan, looking: Looking): Probe[] {
  if (isPlane(plan)) {
    return [
      { kind: "field", resolution: FIELD_RESOLUTION, extent: EXTENT },
      { kind: "unit_fields", resolution: UNIT_RESOLUTION, extent: EXTENT },
    ];
  }
  const units: Probe = { kind: "units", sample: looking.sample };
  const confusion: Probe = { kind: "confusion", part: "validation" };
  return plan.data?.task === "classification" ? [units, confusion] : [units];
}

function weightProbes(plan: Plan, { mode, health }: Looking): Probe[] {
  const probes: Probe[] = [];
  const sendable = plan.totals.parameters <= MOST_SENT_PARAMETERS;
  if (sendable && (isPlane(plan) || !readsPictures(plan))) probes.push({ kind: "weights" });
  if (mode === "weights") probes.push(...kernelProbes(plan));
  if (mode === "gradients" || health) probes.push({ kind: "norms" });
  return probes;
}

function kernelProbes(plan: Plan): Probe[] {
  return plan.layers
    .filter((layer) => layer.type === "conv2d")
    .map((layer) => ({ kind: "kernels", layer: layer.name }));
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
  if (!readsPictures(plan)) return [];
  const count = Math.max(1, Math.min(160, plan.data?.sizes["validation"] ?? 160));
  return [{ kind: "samples", part: "validation", start: 0, count }];
}

/** A person looks for every point that was drawn by hand, also for those kept for the test. */
function drawnProbes(plan: Plan): Probe[] {
  const wanted = plan.data?.name === "drawn" && (plan.data.sizes["test"] ?? 0) > 0;
  return wanted ? [{ kind: "samples", part: "test", start: 0, count: 1_000 }] : [];
}
