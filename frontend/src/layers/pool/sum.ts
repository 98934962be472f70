import { patchOf } from "../conv/sum";
import { windowOf } from "../conv/window";
import type { PlannedLayer } from "../../wire/plan";
import { sidesOf, type Tensor } from "../turn";
import { evenly, reduce } from "./forward";

/** What a pool looked at: its window, null where the padding lies, and what it kept of it. */
export interface WindowSum {
  kind: "window";
  reduction: "max" | "mean";
  size: readonly [height: number, width: number];
  cells: (number | null)[];
  total: number;
}

/** The window behind one number of a pooled map; `unit` is the map. */
export function windowSum(
  layer: PlannedLayer,
  input: Tensor,
  unit: number,
  [row, column]: readonly [number, number],
): WindowSum | null {
  const whole = layer.type.startsWith("global");
  const [, height, width] = sidesOf(input);
  const start = unit * height * width;
  if (layer.type.startsWith("adaptive")) {
    const plane = input.values.subarray(start, start + height * width);
    const place = row * (layer.output[2] ?? 1) + column;
    const { cells, size } = evenly(plane, layer, [height, width], place);
    const reduction = layer.type.includes("max") ? "max" : "mean";
    return { kind: "window", reduction, size, cells, total: reduce(layer.type, cells) };
  }
  const window = windowOf(layer, input.shape);
  const cells = whole
    ? [...input.values.subarray(start, start + height * width)]
    : patchOf(input, window, unit, row, column);
  return {
    kind: "window",
    reduction: layer.type.includes("max") ? "max" : "mean",
    size: whole ? [height, width] : window.size,
    cells,
    total: reduce(
      layer.type,
      cells.filter((cell) => cell !== null),
    ),
  };
}
