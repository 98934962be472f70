const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** A size in a few signs: 96 B, 1.2 kB, 25.6 MB. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let power = 0;
  while (value >= 1_000 && power < UNITS.length - 1) {
    value /= 1_000;
    power += 1;
  }
  const shown = power === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1);
  return `${shown.replace(/\.0$/, "")} ${UNITS[power] ?? ""}`;
}
