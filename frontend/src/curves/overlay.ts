import { pastOf } from "../run/past";
import { isFinal, Run } from "../run/run";
import type { Api } from "../wire/api";
import type { Clock } from "../wire/stream";
import type { Curves, Laid } from "./curves";

const REFRESH_MS = 3_000;

/** Lays the curves of another run over those of the run on show. */
export class Overlay {
  private wanted: string | null = null;
  private shown = false;
  private forget: () => void = () => undefined;

  constructor(
    private readonly curves: Pick<Curves, "view" | "lay">,
    private readonly api: Pick<Api, "run" | "metrics">,
    private readonly guard: (act: () => Promise<void>) => void,
    private readonly clock: Pick<Clock, "after">,
  ) {
    // What was taken away elsewhere is not fetched again.
    curves.view.subscribe(({ laid }) => {
      if (!laid && this.wanted !== null && this.shown) this.clear();
    });
  }

  /** Lays a run over, or takes it away where it lies. */
  toggle(id: string, name: string): void {
    const same = this.wanted === id;
    this.clear();
    if (same) return;
    this.wanted = id;
    this.guard(() => this.learn(id, name));
  }

  clear(): void {
    this.forget();
    [this.wanted, this.shown] = [null, false];
    this.curves.lay(null);
  }

  private async learn(id: string, name: string): Promise<void> {
    const laid = await this.load(id, name);
    if (this.wanted !== id) return;
    this.curves.lay(laid);
    this.shown = true;
    if (isFinal(laid.run.view.status)) return;
    this.forget = this.clock.after(REFRESH_MS, () => this.guard(() => this.learn(id, name)));
  }

  private async load(id: string, name: string): Promise<Laid> {
    const [row, columns] = await Promise.all([this.api.run(id), this.api.metrics(id)]);
    const run = Run.of(row);
    for (const [series, points] of Object.entries(columns)) run.fill(series, points);
    run.precede(await pastOf(row, this.api));
    return { run, name };
  }
}
