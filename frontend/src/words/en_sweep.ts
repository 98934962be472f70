/** What the first look at the page needs of sweeps; the rest comes with their own pages. */
export const enSweep = {
  sweep: "Vary fields: train many nets at once",
  sweepMore: "Sweep …",
  sweeps: "Sweeps",
  varyField: "Vary {field} in a sweep",
} as const;
