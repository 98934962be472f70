import { Observable } from "../observable";
import type { PictureArray } from "../wire/frame";

/** Which map that a convolution reads its tiles show the kernels on, by card; others show all. */
export class KernelChoice {
  readonly chosen = new Observable<ReadonlyMap<string, number>>(new Map());

  choose(card: string, channel: number | null): void {
    this.chosen.update((before) => {
      const after = new Map(before);
      if (channel === null) after.delete(card);
      else after.set(card, channel);
      return after;
    });
  }
}

/** Of kernels [filters, channels, height, width] those on one channel: [filters, height, width]. */
export function kernelsOn(kernels: PictureArray, channel: number): PictureArray {
  const [filters = 0, channels = 1, height = 1, width = 1] = kernels.shape;
  const each = height * width;
  const values = new Float32Array(filters * each);
  const from = Math.min(channel, channels - 1);
  for (let filter = 0; filter < filters; filter++) {
    const start = (filter * channels + from) * each;
    values.set(kernels.values.subarray(start, start + each), filter * each);
  }
  return { name: kernels.name, shape: [filters, height, width], values };
}
