import { Refused, Unreachable } from "../wire/api";
import type { Picture } from "../wire/frame";
import type { Questions } from "../wire/questions";
import type { Probe } from "../wire/types";
import type { Document } from "../wire/plan";

/** A document that shows a data set's own points, half of which are for training. */
export function previewDocument(dataset: string, points: number): Document {
  const data = { name: dataset, options: { points: 2 * points } };
  return { spec: "nn/1", data, network: { layers: ["linear"] } };
}

/** The first points of a data set, for its tile; null where the service cannot say. */
export async function preview(
  dataset: string,
  points: number,
  questions: Pick<Questions, "inspect">,
): Promise<Picture | null> {
  const probe: Probe = { kind: "samples", part: "train", start: 0, count: points };
  try {
    return await questions.inspect(previewDocument(dataset, points), probe);
  } catch (reason) {
    if (reason instanceof Refused || reason instanceof Unreachable) return null;
    throw reason;
  }
}
