import { sizeOf, type Tensor, type Turn } from "../turn";

/** x₁ + x₂ + …, x₁ · x₂ · … or their mean, number by number. */
export function forwardMerge({ layer, inputs }: Turn): Float32Array | null {
  const [first, ...others] = inputs;
  if (!first || others.some(({ values }) => values.length !== first.values.length)) return null;
  const product = layer.type === "multiply";
  const answers = first.values.slice();
  for (const { values } of others) {
    for (let at = 0; at < answers.length; at++) {
      const [before = 0, other = 0] = [answers[at], values[at]];
      answers[at] = product ? before * other : before + other;
    }
  }
  if (layer.type !== "mean") return answers;
  return answers.map((sum) => sum / inputs.length);
}

/** [x₁, x₂, …] along `axis`, counted without the batch. */
export function forwardConcat({ layer, inputs }: Turn): Float32Array | null {
  const rank = inputs[0]?.shape.length ?? 0;
  const written = Number(layer.fields["axis"] ?? 0);
  const axis = written < 0 ? written + rank : written;
  const rows = sizeOf(inputs[0]?.shape.slice(0, axis) ?? []);
  const answers = new Float32Array(inputs.reduce((sum, { values }) => sum + values.length, 0));
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (const input of inputs) {
      const cells = rowOf(input, row, rows);
      answers.set(cells, at);
      at += cells.length;
    }
  }
  return answers;
}

function rowOf({ values }: Tensor, row: number, rows: number): Float32Array {
  const each = values.length / rows;
  return values.subarray(row * each, (row + 1) * each);
}
