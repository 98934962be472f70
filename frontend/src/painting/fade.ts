const DURATION_MS = 120;

/** How far something new has come in over what stood there; what ends is gone at once. */
export class Fade {
  private since: number | null = null;

  constructor(
    private readonly now: () => number,
    private readonly duration = DURATION_MS,
  ) {}

  begin(): void {
    this.since ??= this.now();
  }

  end(): void {
    this.since = null;
  }

  /** From 0 to 1; 1 while nothing comes in. */
  get share(): number {
    if (this.since === null || !this.duration) return 1;
    return Math.min(1, (this.now() - this.since) / this.duration);
  }
}
