import { arrayOf, type Picture, type PictureArray } from "../wire/frame";

/** One sample as it stands in the grid: what it is, what it is read as. */
export interface Judged {
  index: number;
  target: number;
  answer: number;
  loss: number;
}

/** The samples of a judged picture in its own order; empty where it is no such picture. */
export function judgedOf(picture: Picture | undefined): Judged[] {
  const [indices, targets, answers, losses] = ["indices", "targets", "answers", "losses"].map(
    (name) => arrayOf(picture, name)?.values,
  );
  if (!indices || !targets || !answers || !losses) return [];
  return Array.from(indices, (index, at) => ({
    index,
    target: targets[at] ?? 0,
    answer: answers[at] ?? 0,
    loss: losses[at] ?? 0,
  }));
}

export function isWrong({ answer, target }: Judged): boolean {
  return answer >= 0 && answer !== target;
}

/** The pictures of the samples, each as its first channel: [count, height, width]. */
export function firstChannels(picture: Picture | undefined): PictureArray | null {
  const inputs = arrayOf(picture, "inputs");
  if (inputs?.shape.length !== 4) return null;
  const [count = 0, channels = 1, height = 1, width = 1] = inputs.shape;
  const each = height * width;
  if (channels === 1) return { ...inputs, shape: [count, height, width] };
  const values = new Float32Array(count * each);
  for (let sample = 0; sample < count; sample++) {
    const start = sample * channels * each;
    values.set(inputs.values.subarray(start, start + each), sample * each);
  }
  return { name: inputs.name, shape: [count, height, width], values };
}

/** All numbers of the sample that stands at a place of the grid. */
export function inputAt(picture: Picture | undefined, at: number): Float32Array | null {
  const inputs = arrayOf(picture, "inputs");
  const count = inputs?.shape[0] ?? 0;
  if (!inputs || at < 0 || at >= count) return null;
  const each = inputs.values.length / count;
  return inputs.values.slice(at * each, (at + 1) * each);
}
