import type { PictureArray } from "../../wire/frame";

/**
 * Lays the kernels [filters, channels, height, width] out as one picture for each filter:
 * its channels in a square, row by row, one cell apart: without a gap kernels run into each other.
 */
export function mosaic(kernels: PictureArray): PictureArray {
  const [filters = 0, channels = 1, height = 1, width = 1] = kernels.shape;
  const columns = Math.ceil(Math.sqrt(channels));
  const rows = Math.ceil(channels / columns);
  const [tall, wide] = [rows * (height + 1) - 1, columns * (width + 1) - 1];
  const shape = [filters, tall, wide];
  const values = new Float32Array(filters * tall * wide);
  for (let source = 0; source < kernels.values.length; source++) {
    const x = source % width;
    const y = Math.floor(source / width) % height;
    const channel = Math.floor(source / (width * height)) % channels;
    const filter = Math.floor(source / (width * height * channels));
    const row = Math.floor(channel / columns) * (height + 1) + y;
    const column = (channel % columns) * (width + 1) + x;
    const target = (filter * tall + row) * wide + column;
    values[target] = kernels.values[source] ?? 0;
  }
  return { name: kernels.name, shape, values };
}
