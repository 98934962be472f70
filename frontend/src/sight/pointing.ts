import type { Layout, PlacedCard } from "../layout/layout";
import { Observable } from "../observable";
import type { Spot, State } from "../page/state";
import type { Sight } from "./sight";
import { ownShift } from "./shift";
import { between, cardAt, gridOf, pixelsOf, type Position, spotAt, unitOf } from "./place";

/** The pixels of one map over which the kernel has been led. */
export interface Scan {
  card: string;
  index: number;
  seen: ReadonlySet<number>;
}

export interface Held {
  /** What stays pointed at while the pointer is elsewhere. */
  pinned: Spot | null;
  scan: Scan | null;
  /** The keys point, not the pointer; then the sum is read aloud. */
  byKeys: boolean;
}

/** What the hand asks of the page. */
export interface Page {
  state: Observable<State>;
  show(change: Partial<State>): void;
}

export interface Ticker {
  /** Calls again and again until the returned function is called. */
  every(milliseconds: number, call: () => void): () => void;
}

export const PIXEL_MS = 40;

export const TICKER: Ticker = {
  every: (milliseconds, call) => {
    const timer = setInterval(call, milliseconds);
    return () => clearInterval(timer);
  },
};

interface Grip {
  spot: Spot;
  card: PlacedCard;
  /** Where it was taken, and how far the sample had been moved before. */
  at: Position;
  right: number;
  down: number;
  moved: boolean;
}

/** Pointing, pinning, leading a kernel over a map, moving the sample, striking out. */
export class Pointing {
  readonly held = new Observable<Held>({ pinned: null, scan: null, byKeys: false });
  private grip: Grip | null = null;
  private stopRun: (() => void) | null = null;

  constructor(
    private readonly page: Page,
    private readonly sight: Sight,
    private readonly ticker: Ticker = TICKER,
  ) {}

  move(layout: Layout, at: Position): void {
    const spot = this.readable(spotAt(layout, at), layout);
    if (this.grip?.card.level === "picture") return this.drag(this.grip, at);
    this.point(spot ?? this.held.value.pinned);
    this.set({ byKeys: false });
    if (this.grip && spot) this.lead(this.grip, spot);
  }

  /** Presses on what stands there; false where nothing does. */
  press(layout: Layout, at: Position, strike: boolean): boolean {
    const spot = this.readable(spotAt(layout, at), layout);
    const card = cardAt(layout, at) ?? layout.cards.find(({ name }) => name === spot?.card);
    if (!card) return false;
    // Gates and heads cannot be left out one by one.
    const part = spot?.card === card.name && card.level !== "bands" ? spot.index : null;
    if (strike) this.strike(card, part);
    else if (spot) {
      const { right = 0, down = 0 } = this.page.state.value.own ?? {};
      this.grip = { spot, card, at, right, down, moved: false };
    }
    return strike || spot !== null;
  }

  release(): void {
    const { grip } = this;
    this.grip = null;
    if (!grip?.card.from.length || grip.moved) return;
    const { pinned } = this.held.value;
    const same = pinned?.card === grip.spot.card && pinned.index === grip.spot.index;
    this.set({ pinned: same && pinned.pixel === grip.spot.pixel ? null : grip.spot });
  }

  leave(): void {
    this.grip = null;
    this.point(this.held.value.pinned);
  }

  /** Lets go of everything that is held. */
  let(): void {
    this.halt();
    this.set({ pinned: null, scan: null });
    this.page.show({ spot: null, struck: null, own: null });
  }

  /** Points by the keyboard. */
  choose(spot: Spot): void {
    this.set({ byKeys: true });
    this.point(spot);
  }

  /** Moves by one pixel within the map that is pointed at, or moves the sample itself. */
  step(card: PlacedCard, right: number, down: number): void {
    const { spot, own } = this.page.state.value;
    if (card.level === "picture") {
      return this.place((own?.right ?? 0) + right, (own?.down ?? 0) + down);
    }
    const tile = card.tiles[spot?.index ?? -1];
    if (spot?.card !== card.name || !tile || (card.shape.length !== 3 && !tile.grid)) return;
    const { rows, columns } = gridOf(card, tile);
    const pixel = spot.pixel ?? 0;
    const row = Math.max(0, Math.min(rows - 1, Math.floor(pixel / columns) + down));
    const column = Math.max(0, Math.min(columns - 1, (pixel % columns) + right));
    this.choose({ ...spot, pixel: row * columns + column });
  }

  /** Lets the kernel run over the map that is pointed at, all at once where nothing may move. */
  run(card: PlacedCard, index: number, still: boolean): void {
    if (this.stopRun) return this.halt();
    const count = pixelsOf(card);
    let next = 0;
    const forward = (): void => {
      this.cover(card.name, index, [next]);
      this.point({ card: card.name, index, pixel: next });
      next += 1;
      if (next >= count) this.halt();
    };
    this.set({ scan: { card: card.name, index, seen: new Set() } });
    if (!still) this.stopRun = this.ticker.every(PIXEL_MS, forward);
    else while (next < count) forward();
  }

  /** Strikes a unit out, or the whole layer; what is struck out already comes back. */
  strike(card: PlacedCard, index: number | null): void {
    if (!card.from.length) return;
    const { struck } = this.page.state.value;
    const unit = index === null ? null : unitOf(card, index);
    const same = struck?.card === card.name && struck.unit === unit;
    this.page.show({ struck: same ? null : { card: card.name, layer: card.shows, unit } });
  }

  private halt(): void {
    this.stopRun?.();
    this.stopRun = null;
  }

  private lead(grip: Grip, spot: Spot): void {
    const same = spot.card === grip.spot.card && spot.index === grip.spot.index;
    if (!same || spot.pixel === undefined || grip.spot.pixel === undefined) return;
    if (grip.card.level === "bands") return;
    if (spot.pixel === grip.spot.pixel && !grip.moved) return;
    this.cover(spot.card, spot.index, between(grip.card, grip.spot.pixel, spot.pixel));
    this.grip = { ...grip, spot, moved: true };
  }

  private cover(card: string, index: number, pixels: readonly number[]): void {
    const { scan } = this.held.value;
    const before = scan?.card === card && scan.index === index ? scan.seen : [];
    this.set({ scan: { card, index, seen: new Set([...before, ...pixels]) } });
  }

  private drag(grip: Grip, at: Position): void {
    const tile = grip.card.tiles[0];
    const [, rows = 1, columns = 1] = grip.card.shape;
    if (!tile) return;
    const right = Math.round((at.x - grip.at.x) / (tile.width / columns));
    const down = Math.round((at.y - grip.at.y) / (tile.height / rows));
    this.grip = { ...grip, moved: grip.moved || right !== 0 || down !== 0 };
    if (this.grip.moved) this.place(grip.right + right, grip.down + down);
  }

  /** Puts the sample so far from where it belongs; a drawn input stays where it was drawn. */
  private place(right: number, down: number): void {
    const { plan, own } = this.page.state.value;
    const base = this.sight.sample();
    if (!plan?.data || !base || (own && own.from !== "sample")) return;
    if (own?.right === right && own.down === down) return;
    this.page.show({ own: ownShift(base, plan.data.input, right, down) });
  }

  /** In the views of weights and gradients a tile shows kernels, which have no place in the map. */
  private readable(spot: Spot | null, { cards }: Layout): Spot | null {
    const banded = cards.some(({ name, level }) => name === spot?.card && level === "bands");
    if (!spot || this.page.state.value.mode === "values" || banded) return spot;
    return { card: spot.card, index: spot.index };
  }

  private point(spot: Spot | null): void {
    const before = this.page.state.value.spot;
    const same = before?.card === spot?.card && before?.index === spot?.index;
    if (!same || before?.pixel !== spot?.pixel) this.page.show({ spot });
  }

  private set(change: Partial<Held>): void {
    this.held.update((held) => ({ ...held, ...change }));
  }
}
