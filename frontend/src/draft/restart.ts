import type { RunView } from "../run/run";

// What has trained for less is begun again by itself; more is too much to lose to a slip.
const LONGEST_S = 10;
// A hand that goes on editing would begin a run at every touch.
const REST_MS = 250;

/** Begins training again after an edit made while a young run trained. */
export class Restart {
  private wanted = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly begin: () => void,
    private readonly rest = REST_MS,
  ) {}

  /** An edit leaves this run. */
  edited(run: RunView | null): void {
    clearTimeout(this.timer);
    if (!run) return;
    this.wanted = isYoung(run);
  }

  /** What was edited is sound and drawn. */
  planned(): void {
    if (!this.wanted) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.wanted = false;
      this.begin();
    }, this.rest);
  }

  /** Somebody went elsewhere, or began by hand. */
  cancel(): void {
    clearTimeout(this.timer);
    this.wanted = false;
  }
}

function isYoung({ status, elapsed }: RunView): boolean {
  return (status === "running" || status === "queued") && elapsed <= LONGEST_S;
}
