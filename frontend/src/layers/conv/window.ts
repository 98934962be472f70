import type { Json, PlannedLayer } from "../../wire/plan";

/** A window that slides over a picture: [vertical, horizontal] everywhere. */
export interface Window {
  size: readonly [number, number];
  stride: readonly [number, number];
  dilation: readonly [number, number];
  /** Cells of padding above and left of the picture. */
  before: readonly [number, number];
}

/** The window of a convolution or a pool over a picture [C, H, W], or one cell high over [C, L]. */
export function windowOf(layer: PlannedLayer, shape: readonly number[]): Window {
  const { fields } = layer;
  if (shape.length === 2) return flat(layer, shape[1] ?? 1);
  const size = pair(fields["kernel"] ?? fields["size"], [3, 3]);
  const stride = pair(fields["stride"], fields["kernel"] === undefined ? size : [1, 1]);
  const dilation = pair(fields["dilation"], [1, 1]);
  const side = (axis: 0 | 1): number =>
    cellsBefore(fields["padding"], axis, {
      cells: shape[1 + axis] ?? 1,
      stride: stride[axis],
      reach: dilation[axis] * (size[axis] - 1) + 1,
    });
  return { size, stride, dilation, before: [side(0), side(1)] };
}

function flat({ fields, ...layer }: PlannedLayer, cells: number): Window {
  const lifted = Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      const isCount = ["kernel", "size", "stride", "dilation"].includes(name);
      const one = Array.isArray(value) && (isCount || name === "padding") ? value[0] : undefined;
      return [name, one === undefined ? value : [isCount ? 1 : 0, one]];
    }),
  );
  return windowOf({ ...layer, fields: lifted }, [1, 1, cells]);
}

/** The first cell of the picture under the window at one place; negative on padding. */
export function cornerOf(window: Window, row: number, column: number): [number, number] {
  return [row * window.stride[0] - window.before[0], column * window.stride[1] - window.before[1]];
}

interface Axis {
  cells: number;
  stride: number;
  reach: number;
}

/** `same` puts the odd cell behind, as TensorFlow does; `symmetric` as many on both sides. */
function cellsBefore(
  padding: Json | undefined,
  axis: 0 | 1,
  { cells, stride, reach }: Axis,
): number {
  if (Array.isArray(padding)) return Number(padding[axis] ?? 0);
  if (typeof padding === "number") return padding;
  if (padding === "symmetric") return Math.floor((reach - 1) / 2);
  if (padding !== "same") return 0;
  const total = Math.max(0, (Math.ceil(cells / stride) - 1) * stride + reach - cells);
  return Math.floor(total / 2);
}

function pair(value: Json | undefined, otherwise: readonly [number, number]) {
  if (Array.isArray(value)) return [Number(value[0] ?? 1), Number(value[1] ?? 1)] as const;
  return typeof value === "number" ? ([value, value] as const) : otherwise;
}
