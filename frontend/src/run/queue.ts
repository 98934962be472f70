/** A place in the queue at a moment of the page's clock, in ms. */
export interface Place {
  ahead: number;
  at: number;
}

/** How long a run will still wait, in seconds, by how fast its place fell; null before it fell. */
export function waitOf(first: Place, now: Place): number | null {
  const passed = first.ahead - now.ahead;
  if (passed <= 0) return null;
  return Math.max(1, Math.round(((now.at - first.at) / passed / 1_000) * now.ahead));
}
