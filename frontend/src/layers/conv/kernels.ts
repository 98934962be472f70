import type { PictureArray } from "../../wire/frame";

/**
 * Lays the kernels [filters, channels, height, width] out as one picture for each filter:
 * its channels in a square, row by row: [filters, rows · height, columns · width].
 */
export function mosaic(kernels: PictureArray): PictureArray {
  const [filters = 0, channels = 1, height = 1, width = 1] = kernels.shape;
  const columns = Math.ceil(Math.sqrt(channels));
  const rows = Math.ceil(channels / columns);
  const shape = [filters, rows * height, columns * width];
  const values = new Float32Array(filters * rows * height * columns * width);
  for (let source = 0; source < kernels.values.length; source++) {
    const x = source % width;
    const y = Math.floor(source / width) % height;
    const channel = Math.floor(source / (width * height)) % channels;
    const filter = Math.floor(source / (width * height * channels));
    const row = Math.floor(channel / columns) * height + y;
    const column = (channel % columns) * width + x;
    const target = (filter * rows * height + row) * columns * width + column;
    values[target] = kernels.values[source] ?? 0;
  }
  return { name: kernels.name, shape, values };
}
