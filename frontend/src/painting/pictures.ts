import type { Picture } from "../wire/frame";
import type { Probe } from "../wire/types";

/** The newest picture of each kind, of the draft or of the run being watched. */
export class Pictures {
  private aged = false;
  private past: ReadonlyMap<string, Picture> | null = null;
  private pastWaits = false;
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
    this.aged = false;
    if (!this.past || Object.keys(pictures).some(isOfData)) this.tell();
  }

  get(key: string): Picture | undefined {
    return this.past && !isOfData(key) ? this.past.get(key) : this.newest.get(key);
  }

  /** Whether what stands here belongs to an older document or moment and is drawn fainter. */
  get stale(): boolean {
    return this.past ? this.pastWaits : this.aged;
  }

  /** Shows pictures of a past moment; null is the present. What waits keeps its old pictures. */
  showPast(pictures: ReadonlyMap<string, Picture> | null, waits: boolean): void {
    if (this.past === pictures) return;
    const before = this.past ?? this.newest;
    this.past = pictures && waits ? new Map([...before, ...pictures]) : pictures;
    this.pastWaits = waits;
    this.tell();
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
    this.aged = true;
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

/** The data are the same at every moment, and so is the loss over all weights. */
function isOfData(key: string): boolean {
  return key.startsWith("samples ") || key === "surface";
}

/** Where a picture of this probe is kept. */
export function pictureKey(probe: Probe): string {
  if (probe.kind === "kernels") return kernelsKey(probe.layer, probe.of ?? "weights");
  if (probe.kind === "samples") return probe.judged ? JUDGED : `samples ${probe.part}`;
  return "network" in probe ? keyedBy(probe.kind, probe.network) : probe.kind;
}

/** Pictures of one network of several have keys of their own; there is one large field. */
export function keyedBy(kind: string, network: string | null | undefined): string {
  return network == null || kind === "field" ? kind : `${kind} ${network}`;
}

/** The same, told by the picture that came. */
export function sentKey({ kind, meta }: Picture): string {
  if (kind === "kernels") return kernelsKey(String(meta["layer"]), String(meta["of"]));
  if (kind === "samples") return meta["judged"] ? JUDGED : `samples ${String(meta["part"])}`;
  const { network } = meta;
  return keyedBy(kind, typeof network === "string" ? network : null);
}

/** Samples with the answers to them, in the order of the grid. */
export const JUDGED = "judged";

export function kernelsKey(layer: string, of: string): string {
  return `kernels ${layer} ${of}`;
}
