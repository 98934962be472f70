import type { Document } from "../wire/plan";

/** A document that shows a data set's own points, half of which are for training. */
export function previewDocument(dataset: string, points: number): Document {
  const data = { name: dataset, options: { points: 2 * points } };
  return { spec: "nn/1", data, network: { layers: ["linear"] } };
}
