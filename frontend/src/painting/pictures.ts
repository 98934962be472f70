import type { Picture } from "../wire/frame";
import type { Probe } from "../wire/types";

/** The newest picture of each kind, of the draft or of the run being watched. */
export class Pictures {
  /** Whether what stands here belongs to an older document and is drawn fainter. */
  stale = false;
  private readonly newest = new Map<string, Picture>();
  private readonly watchers = new Set<() => void>();

  /** What is made of a picture that comes in; null keeps the one that is there. */
  lens: (picture: Picture, key: string) => Picture | null = (picture) => picture;

  /** Puts a picture in; `key` tells apart what the kind does not (a layer, a part). */
  put(picture: Picture, key: string = picture.kind): void {
    const seen = this.lens(picture, key);
    if (seen) this.lay({ [key]: seen });
  }

  /** Puts pictures in as they are, all at once. */
  lay(pictures: Readonly<Record<string, Picture>>): void {
    for (const [key, picture] of Object.entries(pictures)) this.newest.set(key, picture);
    this.stale = false;
    this.tell();
  }

  get(key: string): Picture | undefined {
    return this.newest.get(key);
  }

  /** Nothing that stands here fits what comes next. */
  clear(): void {
    this.newest.clear();
    this.tell();
  }

  forget(key: string): void {
    if (this.newest.delete(key)) this.tell();
  }

  age(): void {
    this.stale = true;
    this.tell();
  }

  /** Calls when anything to draw has changed. */
  onChange(call: () => void): () => void {
    this.watchers.add(call);
    return () => this.watchers.delete(call);
  }

  private tell(): void {
    for (const call of this.watchers) call();
  }
}

/** Where a picture of this probe is kept. */
export function pictureKey(probe: Probe): string {
  if (probe.kind === "kernels") return `kernels ${probe.layer}`;
  if (probe.kind === "samples") return `samples ${probe.part}`;
  return probe.kind;
}
