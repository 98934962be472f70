import { answering, laneOf } from "../lanes/lanes";
import { fieldOf, unitFieldsOf } from "../layers/fields";
import { Observable } from "../observable";
import type { Session } from "../page/session";
import type { State } from "../page/state";
import { pictureKey } from "../painting/pictures";
import { EXTENT, FIELD_RESOLUTION, isPlane, unitProbes } from "../painting/probes";
import { isFinal } from "../run/run";
import { arrayOf, type Picture } from "../wire/frame";
import { type Clock, systemClock } from "../wire/stream";
import type { WeightEdit } from "../wire/types";

/** One number of one parameter: its full name, and its place along each axis. */
export interface Grip {
  name: string;
  index: readonly number[];
}

export interface HandView {
  /** What is pointed at or held. */
  grip: Grip | null;
  held: boolean;
  /** Everything that was set by hand since the run was begun or the draft opened, newest last. */
  pins: readonly Grip[];
}

const SEND_MS = 50;
const MOST_AT_ONCE = 64;
// Frames that were under way when an edit was sent still show the number before it.
const STALE_MS = 600;
const LIMIT = 1e6;

export function keyOf({ name, index }: Grip): string {
  return `${name} ${index.join(" ")}`;
}

/** The hand on weights and biases: pictures bend with it at once, the service hears it soon. */
export class Hand {
  readonly view = new Observable<HandView>({ grip: null, held: false, pins: [] });
  private readonly unsent = new Map<string, WeightEdit>();
  private readonly laid = new Map<string, WeightEdit>();
  private waits = false;
  private freshUntil = 0;
  private begins = false;
  private home = "";

  constructor(
    private readonly session: Pick<Session, "state" | "pictures" | "carryOut" | "settled">,
    private readonly now: () => number,
    private readonly clock: Pick<Clock, "after"> = systemClock,
  ) {
    session.pictures.lens = (picture, key) => this.corrected(picture, key);
    session.state.subscribe((state) => this.follow(state));
  }

  /** Whether numbers can be set now: of a draft that is sound, or of a run that has not ended. */
  get isFree(): boolean {
    const { plan, run, problems, unread, guest } = this.session.state.value;
    if (guest || !isPlane(plan) || unread || problems.length) return false;
    return !run || !isFinal(run.status);
  }

  /** The number that a grip stands for; null where it is not known here. */
  valueOf({ name, index }: Grip): number | null {
    const array = arrayOf(this.session.pictures.get("weights"), name);
    return array?.values[placeOf(index, array.shape)] ?? null;
  }

  point(grip: Grip | null): void {
    const { held, grip: before } = this.view.value;
    const same = before && grip ? keyOf(before) === keyOf(grip) : before === grip;
    if (!held && !same) this.change({ grip });
  }

  take(grip: Grip): void {
    if (this.isFree && this.valueOf(grip) !== null) this.change({ grip, held: true });
  }

  letGo(): void {
    this.change({ held: false, grip: null });
  }

  /** Moves what is held by a difference. */
  turn(difference: number): void {
    const { grip, held } = this.view.value;
    const value = grip && held ? this.valueOf(grip) : null;
    if (grip && value !== null) this.set(grip, value + difference);
  }

  /** Sets a number: the pictures follow in this frame, the service within a twentieth of a second. */
  set(grip: Grip, wanted: number): void {
    if (!this.isFree || !Number.isFinite(wanted)) return;
    const value = Math.max(-LIMIT, Math.min(LIMIT, wanted));
    const edit = { name: grip.name, index: [...grip.index], value };
    const key = keyOf(grip);
    this.unsent.set(key, edit);
    this.laid.set(key, edit);
    this.freshUntil = this.now() + STALE_MS;
    this.pin(grip);
    this.bend();
    this.sendSoon();
  }

  private sendSoon(): void {
    if (this.waits) return;
    this.waits = true;
    this.clock.after(SEND_MS, () => void this.send());
  }

  private pin(grip: Grip): void {
    const others = this.view.value.pins.filter((pin) => keyOf(pin) !== keyOf(grip));
    this.change({ pins: [...others, grip] });
  }

  /** All pictures of the plane, computed from the weights with the hand on them. */
  private bend(): void {
    const { pictures, state } = this.session;
    const weights = pictures.get("weights");
    const plan = state.value.plan;
    if (!weights || !plan) return;
    const bent = this.withEdits(weights);
    const field = fieldOf(answering(plan), bent, { resolution: FIELD_RESOLUTION, extent: EXTENT });
    const units = Object.fromEntries(
      unitProbes(plan).flatMap((probe) => {
        const lane = (probe.network != null && laneOf(plan, probe.network)?.plan) || plan;
        const picture = unitFieldsOf(lane, bent, probe);
        return picture ? [[pictureKey(probe), picture]] : [];
      }),
    );
    pictures.lay({ weights: bent, ...(field && { field }), ...units });
  }

  private withEdits(weights: Picture): Picture {
    const arrays = weights.arrays.map((array) => {
      const own = [...this.laid.values()].filter(({ name }) => name === array.name);
      if (!own.length) return array;
      const values = array.values.slice();
      for (const { index, value } of own) values[placeOf(index, array.shape)] = value;
      return { ...array, values };
    });
    return { ...weights, arrays };
  }

  /** A frame under the hand shows the hand; null where the page's own picture is the newer one. */
  private corrected(picture: Picture, key: string): Picture | null {
    if (!this.view.value.held && this.now() > this.freshUntil) this.laid.clear();
    if (!this.laid.size) return picture;
    if (key === "field" || key.startsWith("unit_fields")) return null;
    return key === "weights" ? this.withEdits(picture) : picture;
  }

  private async send(): Promise<void> {
    this.waits = false;
    const { run, beginning } = this.session.state.value;
    if (!this.unsent.size || beginning) return;
    if (!run) {
      this.begins = true;
      this.session.carryOut({ do: "create", start: "paused" });
      return;
    }
    const edits = [...this.unsent].slice(0, MOST_AT_ONCE);
    for (const [key] of edits) this.unsent.delete(key);
    this.freshUntil = this.now() + STALE_MS;
    const changes = { weights: edits.map(([, edit]) => edit) };
    this.session.carryOut({ do: "control", control: { action: "set", changes } });
    // The next edits wait for the answer, so that a slow line never holds more than one of each.
    this.waits = true;
    await this.session.settled;
    this.waits = false;
    this.freshUntil = this.now() + STALE_MS;
    if (this.unsent.size) this.sendSoon();
  }

  private follow({ run, plan, beginning, notice }: State): void {
    const home = `${run?.id ?? ""} ${plan?.hash ?? ""}`;
    const begun = this.begins && run !== null;
    // Between the answer and the run there is a moment with neither; a refusal leaves a notice.
    const failed = this.begins && !run && !beginning && notice !== null;
    if (home !== this.home && !this.begins) this.forget();
    this.home = home;
    if (begun || failed) this.begins = false;
    if (failed) this.forget();
    if (begun) this.sendSoon();
  }

  private forget(): void {
    this.unsent.clear();
    this.laid.clear();
    this.change({ grip: null, held: false, pins: [] });
  }

  private change(change: Partial<HandView>): void {
    this.view.update((view) => ({ ...view, ...change }));
  }
}

function placeOf(index: readonly number[], shape: readonly number[]): number {
  return index.reduce((place, at, axis) => place * (shape[axis] ?? 1) + at, 0);
}
