/** The strings of the loss as a surface over two numbers. */
export const enSurface = {
  surface: "Surface",
  surfaceTitle: "The loss over the two trainable numbers, and the ways of the runs on it",
  surfacePicture: "The loss over {first} (across) and {second} (up), with the ways of {count} runs",
  surfacePaths: "Whose path is which",
  surfaceBatch: "batch {size}",
  surfaceWhole: "batch {size} (all)",
  surfaceBefore: "before",
};
