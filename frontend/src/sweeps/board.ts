import { complaintOf } from "../page/complaint";
import { Observable } from "../observable";
import type { Notice } from "../page/state";
import type { RunRow } from "../wire/plan";
import { Refused } from "../wire/api";
import type { Clock } from "../wire/stream";
import type { Member, Sweep, SweepControl, SweepsApi } from "../wire/sweeps";
import { type Course, coursesOf } from "./bands";

/** What is known of the sweep on show. */
export interface BoardView {
  sweep: Sweep | null;
  members: readonly Member[];
  courses: readonly Course[];
  /** One of its runs, whose plan says what can be drawn of all. */
  sample: RunRow | null;
  /** The address leads to no sweep. */
  lost: boolean;
  /** The last question was not answered; what stands here may be old. */
  notice: Notice | null;
}

const EMPTY: BoardView = {
  sweep: null,
  members: [],
  courses: [],
  sample: null,
  lost: false,
  notice: null,
};
const LOOK_MS = 1_000;
/** A thousand members are a long answer. */
const LOOK_MANY_MS = 3_000;
const MANY = 256;
// Curves are the largest answer, and change least from one look to the next.
const COURSES_EVERY = 3;

export interface Around {
  sweeps: Pick<SweepsApi, "sweep" | "members" | "bands" | "control" | "rename" | "remove">;
  run(id: string): Promise<RunRow>;
  clock: Clock;
}

/** One sweep, looked at again and again for as long as it trains and somebody sees it. */
export class Board {
  readonly view = new Observable<BoardView>(EMPTY);
  private looks = 0;
  private stopped = false;
  private resting = false;
  private forget: () => void = () => undefined;

  constructor(
    readonly id: string,
    private readonly around: Around,
  ) {}

  async look(): Promise<void> {
    this.forget();
    await this.guard(async () => {
      const { sweeps } = this.around;
      const [sweep, members] = await Promise.all([sweeps.sweep(this.id), sweeps.members(this.id)]);
      if (this.stopped) return;
      this.change({ sweep, members, notice: null });
      await this.learnSample(members);
      if (this.looks % COURSES_EVERY === 0 || isOver(sweep)) await this.learnCourses(sweep);
      this.looks += 1;
    });
    this.again();
  }

  /** Nobody looks; nothing is asked until somebody does again. */
  rest(resting: boolean): void {
    if (resting === this.resting) return;
    this.resting = resting;
    this.forget();
    if (!resting) void this.look();
  }

  close(): void {
    this.stopped = true;
    this.forget();
  }

  async control(action: SweepControl): Promise<void> {
    await this.guard(async () => {
      this.change({ sweep: await this.around.sweeps.control(this.id, action) });
    });
    await this.look();
  }

  async rename(name: string): Promise<void> {
    await this.guard(async () => {
      this.change({ sweep: await this.around.sweeps.rename(this.id, name) });
    });
  }

  async remove(): Promise<boolean> {
    let gone = false;
    await this.guard(async () => {
      await this.around.sweeps.remove(this.id);
      gone = true;
      this.close();
    });
    return gone;
  }

  private async learnSample(members: readonly Member[]): Promise<void> {
    const [first] = members;
    if (first && !this.view.value.sample) {
      this.change({ sample: await this.around.run(first.run) });
    }
  }

  private async learnCourses({ goal }: Sweep): Promise<void> {
    const bands = await this.around.sweeps.bands(this.id, goal.series);
    this.change({ courses: coursesOf(bands) });
  }

  private again(): void {
    const { sweep, members, lost } = this.view.value;
    if (this.stopped || this.resting || lost || (sweep && isOver(sweep))) return;
    const wait = members.length > MANY ? LOOK_MANY_MS : LOOK_MS;
    this.forget = this.around.clock.after(wait, () => void this.look());
  }

  private change(change: Partial<BoardView>): void {
    if (!this.stopped) this.view.update((view) => ({ ...view, ...change }));
  }

  private async guard(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (reason) {
      if (reason instanceof Refused && reason.status === 404) return this.change({ lost: true });
      const { text, request } = complaintOf(reason);
      this.change({ notice: { text, request } });
    }
  }
}

/** Whether nothing of a sweep will move any more. */
export function isOver({ status, counts }: Pick<Sweep, "status" | "counts">): boolean {
  const moving = (counts["running"] ?? 0) + (counts["queued"] ?? 0);
  return (status === "finished" || status === "stopped") && moving === 0;
}

/** A member's state as a person calls it: one that lost against the others is no mere stop. */
export function stateOf({ status, reason }: Pick<Member, "status" | "reason">): MemberState {
  return status === "stopped" && reason === "pruned" ? "pruned" : status;
}

export type MemberState = Member["status"] | "pruned";
