import { Observable } from "../observable";
import { complaintOf } from "../page/complaint";
import type { Notice } from "../page/state";
import type { Clock } from "../wire/stream";
import type { Sweep, SweepsApi } from "../wire/sweeps";
import { isOver } from "./board";

export interface Listed {
  /** Null until the first answer. */
  sweeps: readonly Sweep[] | null;
  next: string | null;
  notice: Notice | null;
}

const LOOK_MS = 3_000;

/** All sweeps, newest first; those that train are looked at again. */
export class SweepList {
  readonly view = new Observable<Listed>({ sweeps: null, next: null, notice: null });
  private closed = false;
  private forget: () => void = () => undefined;

  constructor(
    private readonly api: Pick<SweepsApi, "list" | "sweep" | "remove">,
    private readonly clock: Clock,
  ) {}

  async open(): Promise<void> {
    await this.guard(async () => {
      const { sweeps, next } = await this.api.list(null);
      this.change({ sweeps, next, notice: null });
    });
    this.again();
  }

  async more(): Promise<void> {
    const { next, sweeps } = this.view.value;
    if (next === null) return;
    await this.guard(async () => {
      const page = await this.api.list(next);
      this.change({ sweeps: [...(sweeps ?? []), ...page.sweeps], next: page.next });
    });
  }

  async remove(id: string): Promise<void> {
    await this.guard(async () => {
      await this.api.remove(id);
      this.change({ sweeps: this.view.value.sweeps?.filter((sweep) => sweep.id !== id) ?? null });
    });
  }

  close(): void {
    this.closed = true;
    this.forget();
  }

  private again(): void {
    const living = (this.view.value.sweeps ?? []).filter((sweep) => !isOver(sweep));
    if (this.closed || !living.length) return;
    this.forget = this.clock.after(LOOK_MS, () => void this.lookAt(living));
  }

  private async lookAt(living: readonly Sweep[]): Promise<void> {
    await this.guard(async () => {
      const found = await Promise.all(living.map(({ id }) => this.api.sweep(id)));
      const newest = new Map(found.map((sweep) => [sweep.id, sweep]));
      const sweeps = this.view.value.sweeps?.map((sweep) => newest.get(sweep.id) ?? sweep);
      this.change({ sweeps: sweeps ?? null, notice: null });
    });
    this.again();
  }

  private change(change: Partial<Listed>): void {
    if (!this.closed) this.view.update((view) => ({ ...view, ...change }));
  }

  private async guard(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (reason) {
      const { text, request } = complaintOf(reason);
      this.change({ notice: { text, request } });
    }
  }
}
