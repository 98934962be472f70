import { arrayOf, type Picture } from "../../wire/frame";
import type { PlannedLayer } from "../../wire/plan";
import { sizeOf, type Turn } from "../turn";

/** x if x > 0 else a x with learned a, one or one a channel. */
export function forwardPrelu({ layer, weights, inputs }: Turn): Float32Array | null {
  const [input] = inputs;
  if (!input) return null;
  const each = sizeOf(input.shape.slice(1));
  const slopes = Array.from({ length: input.shape[0] ?? 1 }, (_, channel) =>
    slopeOf(layer, weights, channel),
  );
  return input.values.map((x, at) => (x > 0 ? x : x * (slopes[Math.floor(at / each)] ?? 0)));
}

/** The learned slope of a channel. */
export function slopeOf({ name }: PlannedLayer, weights: Picture, channel: number): number {
  const slopes = arrayOf(weights, `${name}.weight`)?.values ?? [];
  return slopes[slopes.length === 1 ? 0 : channel] ?? 0;
}

/** The largest of every few neighbouring channels. */
export function forwardMaxout({ layer, inputs }: Turn): Float32Array | null {
  const [input] = inputs;
  if (!input) return null;
  const pieces = Number(layer.fields["pieces"] ?? 2);
  const each = sizeOf(input.shape.slice(1));
  return Float32Array.from({ length: sizeOf(layer.output) }, (_, at) =>
    Math.max(...piecesOf(input.values, pieces, each, at)),
  );
}

/** The numbers among which maxout chose the one at a place of its output. */
export function piecesOf(values: Float32Array, pieces: number, each: number, at: number): number[] {
  const [channel, place] = [Math.floor(at / each), at % each];
  return Array.from(
    { length: pieces },
    (_, piece) => values[(channel * pieces + piece) * each + place] ?? 0,
  );
}
