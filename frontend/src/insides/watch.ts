import { hasInside } from "../layout/bands";
import type { Box, Layout, PlacedCard } from "../layout/layout";
import type { Clock } from "../wire/stream";

/** How long a card is still told of after it has left the screen. */
const KEPT_MS = 500;
// As many as one question may ask about.
const MOST = 64;

/** Layers that the service is to look into: those on the screen, and those that just were. */
export class Watch {
  private seen: readonly string[] = [];
  private stop: (() => void) | null = null;

  /** `tell` gets the layers each time that they change. */
  constructor(
    private readonly tell: (layers: readonly string[]) => void,
    private readonly clock: Pick<Clock, "after">,
  ) {}

  /** What can be seen now; what has left goes after a while. */
  look(layers: readonly string[]): void {
    const both = [...new Set([...layers, ...this.seen])].slice(0, MOST);
    this.stop?.();
    this.stop = null;
    this.set(both);
    if (both.length > layers.length) {
      this.stop = this.clock.after(KEPT_MS, () => this.set(layers));
    }
  }

  end(): void {
    this.stop?.();
    this.stop = null;
  }

  private set(layers: readonly string[]): void {
    const same =
      layers.length === this.seen.length && layers.every((each) => this.seen.includes(each));
    this.seen = layers;
    if (!same) this.tell(layers);
  }
}

/** Layers with more to show than their output whose cards lie within a part of the sheet. */
export function layersWithin({ cards }: Pick<Layout, "cards">, view: Box): string[] {
  return cards.filter((card) => isTelling(card) && meets(card.box, view)).map(({ name }) => name);
}

function isTelling({ level, type, bands }: PlacedCard): boolean {
  return level === "bands" && hasInside(type) && bands.length > 0;
}

function meets(box: Box, view: Box): boolean {
  const across = box.x < view.x + view.width && box.x + box.width > view.x;
  return across && box.y < view.y + view.height && box.y + box.height > view.y;
}
