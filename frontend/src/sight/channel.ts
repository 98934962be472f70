import { type PatchSum } from "../layers/conv/sum";
import type { Values } from "../layers/forward";
import { layersOf, type Sum } from "../layers/sums";
import { sizeOf } from "../layers/turn";
import type { Card } from "../layout/cards";
import type { Spot } from "../page/state";
import { kernelsKey, type Pictures } from "../painting/pictures";
import type { Mode } from "../painting/probes";
import { arrayOf, type PictureArray } from "../wire/frame";
import type { Plan } from "../wire/plan";
import { unitOf } from "./place";

/** The numbers of one map, row by row. */
export interface Grid {
  rows: number;
  columns: number;
  cells: ArrayLike<number>;
}

/** A channel of a picture net as it is shown large, with the weights that it is made by. */
export interface Channel {
  /** What it answers; null where its weights are looked at. */
  map: Grid | null;
  /** It is the sample itself, ink on paper. */
  isInput: boolean;
  /** The number of the map that is pointed at. */
  pixel: number | null;
  /** Its weights on each map that it reads, by the index of that map. */
  kernels: (Grid & { from: number })[];
  /** The map whose kernels are looked at alone. */
  on: number | null;
}

export interface Looked {
  plan: Plan;
  all: readonly Card[];
  spot: Spot;
  mode: Mode;
  values: Values | null;
  /** The steps to the number that is pointed at. */
  sums: readonly Sum[];
  pictures: Pick<Pictures, "get">;
  /** Which map each card shows its kernels on alone. */
  chosen: ReadonlyMap<string, number>;
}

/** What pointing at a unit or map shows large; null where it is no part of a picture. */
export function channelOf(looked: Looked): Channel | null {
  const { all, spot, mode } = looked;
  const card = all.find(({ name }) => name === spot.card);
  if (!card) return null;
  if (card.shape.length === 1) return ofUnit(card, looked);
  if (card.shape.length !== 3) return null;
  const kernels = mode === "values" ? [] : sentKernels(card, looked);
  const on = looked.chosen.get(card.name) ?? null;
  if (kernels.length) return { map: null, isInput: false, pixel: null, kernels, on };
  const map = mapOf(card, looked);
  const patch = looked.sums.find((sum) => sum.kind === "patch");
  const isInput = card.type === "input";
  const pixel = spot.pixel ?? null;
  return map && { map, isInput, pixel, kernels: patch ? patchKernels(patch) : [], on: null };
}

function mapOf({ shows, shape }: Card, { values, spot }: Looked): Grid | null {
  const [, rows = 1, columns = 1] = shape;
  const start = spot.index * rows * columns;
  const cells = values?.get(shows)?.subarray(start, start + rows * columns);
  return cells?.length === rows * columns ? { rows, columns, cells } : null;
}

function patchKernels({ parts, size: [rows, columns] }: PatchSum): Channel["kernels"] {
  return parts
    .map(({ channel, kernel }) => ({ from: channel, rows, columns, cells: kernel }))
    .toSorted((a, b) => a.from - b.from);
}

/** Weights or gradients of a filter, as the view of them shows on its tile. */
function sentKernels({ name }: Card, { pictures, mode, spot }: Looked): Channel["kernels"] {
  const array = arrayOf(pictures.get(kernelsKey(name, mode)), "kernels");
  return array ? kernelsIn(array, spot.index) : [];
}

/** One row of [filters, channels, height, width]. */
function kernelsIn({ shape, values }: PictureArray, filter: number): Channel["kernels"] {
  const [, channels = 1, rows = 1, columns = 1] = shape;
  return Array.from({ length: channels }, (_, from) => {
    const start = (filter * channels + from) * rows * columns;
    return { from, rows, columns, cells: values.subarray(start, start + rows * columns) };
  });
}

/** What a dense unit weighs each number of the maps before it with. */
function ofUnit(card: Card, { plan, all, spot, pictures }: Looked): Channel | null {
  const source = all.find(({ name }) => name === card.from[0]);
  const [first] = layersOf(plan, card);
  const weight = arrayOf(pictures.get("weights"), `${first?.name ?? ""}.weight`);
  if (source?.shape.length !== 3 || weight?.shape[1] !== sizeOf(source.shape)) return null;
  const shape = [weight.shape[0] ?? 1, ...source.shape];
  const kernels = kernelsIn({ ...weight, shape }, unitOf(card, spot.index));
  return { map: null, isInput: false, pixel: null, kernels, on: null };
}

/** The greatest number of a channel's map or weights, by which its colours are told. */
export function peakOf({ map, kernels }: Channel): number {
  return greatest(map ? [map] : kernels);
}

/** The greatest size of a number of some grids; 1 where all are 0. */
export function greatest(grids: readonly Grid[]): number {
  let peak = 0;
  for (const { cells } of grids) {
    for (let at = 0; at < cells.length; at++) peak = Math.max(peak, Math.abs(cells[at] ?? 0));
  }
  return peak > 0 && Number.isFinite(peak) ? peak : 1;
}
