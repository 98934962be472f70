import type { Picture } from "../wire/frame";

/** What the page holds of a run at one step: its pictures by key. */
export interface Snapshot {
  step: number;
  pictures: ReadonlyMap<string, Picture>;
}

export const MOST_SNAPSHOTS = 64;
export const MOST_BYTES = 16 * 1024 * 1024;
// How much nearer to the handle a snapshot is worth more than one far away.
const REACH = 0.25;

/** Steps on the axis of the track, on which the first ones lie as far apart as the last ones. */
export function logStep(step: number): number {
  return Math.log1p(Math.max(0, step));
}

/** The moments of one run that the page holds, by step; close together near the handle. */
export class Snapshots {
  private held: Snapshot[] = [];

  constructor(
    private readonly most = MOST_SNAPSHOTS,
    private readonly mostBytes = MOST_BYTES,
  ) {}

  get steps(): number[] {
    return this.held.map(({ step }) => step);
  }

  get bytes(): number {
    return this.held.reduce((sum, snapshot) => sum + bytesOf(snapshot), 0);
  }

  /** Adds a picture to its step; what then lies closest together, far from the handle, goes. */
  add(key: string, picture: Picture, handle: number | null): void {
    const { step } = picture;
    const at = this.held.findIndex((snapshot) => snapshot.step >= step);
    const place = at < 0 ? this.held.length : at;
    const known = this.held[place];
    if (known?.step === step) {
      this.held[place] = { step, pictures: new Map(known.pictures).set(key, picture) };
    } else this.held.splice(place, 0, { step, pictures: new Map([[key, picture]]) });
    this.thin(handle);
  }

  at(step: number): Snapshot | undefined {
    return this.held.find((snapshot) => snapshot.step === step);
  }

  /** The one nearest to a step on the track. */
  nearest(step: number): Snapshot | undefined {
    const found = nearest(this.steps, step);
    return found === undefined ? undefined : this.at(found);
  }

  /** Forgets what lies behind a step to which the run went back. */
  rewind(step: number): void {
    this.held = this.held.filter((snapshot) => snapshot.step <= step);
  }

  clear(): void {
    this.held = [];
  }

  private thin(handle: number | null): void {
    let bytes = this.bytes;
    while (this.held.length > 1 && (this.held.length > this.most || bytes > this.mostBytes)) {
      const [gone] = this.held.splice(this.leastMissed(handle), 1);
      bytes -= gone ? bytesOf(gone) : 0;
    }
  }

  /** Never the first or the last while another is left. */
  private leastMissed(handle: number | null): number {
    let least = 0;
    let worth = Infinity;
    for (let place = 1; place < this.held.length - 1; place++) {
      const value = this.worth(place, handle);
      if (value < worth) [least, worth] = [place, value];
    }
    return least;
  }

  private worth(place: number, handle: number | null): number {
    const [before, here, after] = [-1, 0, 1].map((side) =>
      logStep(this.held[place + side]?.step ?? 0),
    ) as [number, number, number];
    const distance = handle === null ? 0 : Math.abs(here - logStep(handle));
    return (after - before) / (REACH + distance);
  }
}

/** Of steps in order the one nearest to another on the track. */
export function nearest(steps: readonly number[], step: number): number | undefined {
  let best: number | undefined;
  let least = Infinity;
  for (const candidate of steps) {
    const distance = Math.abs(logStep(candidate) - logStep(step));
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

function bytesOf({ pictures }: Snapshot): number {
  const arrays = [...pictures.values()].flatMap((picture) => picture.arrays);
  return arrays.reduce((sum, { values }) => sum + values.byteLength, 0);
}
