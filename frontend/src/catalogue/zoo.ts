import type { Api } from "../wire/api";
import type { ZooEntry } from "../wire/plan";

/** The published networks, fetched once when they are first asked for. */
export class Zoo {
  private asked: Promise<readonly ZooEntry[]> | null = null;

  constructor(private readonly api: Pick<Api, "zoo">) {}

  /** None where the service does not answer; the next time it is asked again. */
  entries(): Promise<readonly ZooEntry[]> {
    this.asked ??= this.api.zoo().catch(() => {
      this.asked = null;
      return [];
    });
    return this.asked;
  }
}

/** Entries in which every word stands that was typed, in name, title or paper. */
export function matching(entries: readonly ZooEntry[], wanted: string): ZooEntry[] {
  const words = wanted
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  return entries.filter(({ name, title, source }) => {
    const told = `${name} ${title} ${source}`.toLowerCase();
    return words.every((word) => told.includes(word));
  });
}
