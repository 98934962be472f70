import { EXTENT, FIELD_RESOLUTION } from "../painting/probes";
import { isFinal } from "../run/run";
import { arrayOf, type Picture, type PictureArray } from "../wire/frame";
import type { Questions } from "../wire/questions";
import type { Connection, Listener, Stream } from "../wire/stream";
import type { Member } from "../wire/sweeps";
import type { Probe } from "../wire/types";

/** Coarse enough that 64 of them travel and are coloured within a frame, sharp enough for 80 pixels. */
export const TILE_RESOLUTION = 32;
const MOST_TRIES = 3;
const SMALL: Probe = { kind: "field", resolution: TILE_RESOLUTION, extent: EXTENT };
const LARGE: Probe = { kind: "field", resolution: FIELD_RESOLUTION, extent: EXTENT };

export interface LiveAround {
  openStream(listener: Listener): Stream;
  questions: Pick<Questions, "inspectRun">;
  /** A picture came. */
  came(run: string): void;
  connection(connection: Connection): void;
  guard(act: () => Promise<void>): void;
}

type Shown = Pick<Member, "run" | "status" | "step">;

/** The newest field of each member on the screen, all over one socket. */
export class LivePictures {
  private readonly fields = new Map<string, { array: PictureArray; step: number }>();
  private readonly watched = new Map<string, "small" | "large">();
  /** At which step the last picture of a run at its end was asked for. */
  private readonly asked = new Map<string, string>();
  private readonly tries = new Map<string, number>();
  private stream: Stream | null = null;
  private waiting = 0;

  constructor(private readonly around: LiveAround) {}

  field(run: string): PictureArray | null {
    return this.fields.get(run)?.array ?? null;
  }

  /** Watches those that train, asks once for those at their end; `large` is seen sharper. */
  show(members: readonly Shown[], large: string | null): void {
    const living = members.filter(({ status }) => !isFinal(status));
    const seen = new Set(living.map(({ run }) => run));
    for (const run of [...this.watched.keys()]) if (!seen.has(run)) this.leave(run);
    for (const { run } of living) this.watch(run, run === large);
    for (const member of members) {
      if (isFinal(member.status)) this.ask(member, member.run === large);
    }
  }

  /** The screen shows all that came; the service may send more. */
  drawn(): void {
    if (this.waiting) this.stream?.acknowledge(this.waiting);
    this.waiting = 0;
  }

  close(): void {
    this.stream?.close();
    this.stream = null;
    this.watched.clear();
  }

  private watch(run: string, large: boolean): void {
    const size = large ? "large" : "small";
    if (this.watched.get(run) === size) return;
    this.watched.set(run, size);
    this.stream ??= this.around.openStream({
      events: () => undefined,
      live: () => undefined,
      picture: (picture) => this.take(picture),
      connection: (connection) => this.around.connection(connection),
      refused: () => undefined,
    });
    this.stream.watch(run, [large ? LARGE : SMALL]);
  }

  private leave(run: string): void {
    this.watched.delete(run);
    this.stream?.leave(run);
  }

  private ask({ run, step, status }: Shown, large: boolean): void {
    const known = this.fields.get(run);
    const sharp = (known?.array.shape[1] ?? 0) >= FIELD_RESOLUTION;
    if (known && known.step >= step && (sharp || !large)) return;
    // One that failed at its very first step has nothing kept that could be drawn.
    if (status === "failed" && step === 0) return;
    const key = `${step} ${large}`;
    if (this.asked.get(run) === key) return;
    this.asked.set(run, key);
    this.around.guard(async () => {
      try {
        this.put(run, await this.around.questions.inspectRun(run, large ? LARGE : SMALL));
      } catch (reason) {
        this.retry(run);
        throw reason;
      }
    });
  }

  /** What a run ends with is kept a moment after its end: another look may find it. */
  private retry(run: string): void {
    const tries = (this.tries.get(run) ?? 0) + 1;
    this.tries.set(run, tries);
    if (tries < MOST_TRIES) this.asked.delete(run);
  }

  private take(picture: Picture): void {
    this.waiting += 1;
    if (picture.run) this.put(picture.run, picture);
  }

  private put(run: string, picture: Picture): void {
    const array = arrayOf(picture, "field");
    const known = this.fields.get(run);
    if (!array || (known && known.step > picture.step)) return this.drawn();
    this.fields.set(run, { array, step: picture.step });
    this.around.came(run);
  }
}
