import type { Painter, Piece } from "./painter";

export interface Extent {
  width: number;
  height: number;
}

/** Draws in CSS pixels; the context is already scaled to the screen's. */
export type Paint = (context: CanvasRenderingContext2D, extent: Extent) => void;

/** A canvas that keeps the size of its box, sharp on any screen, drawn by the painter. */
export class Surface {
  private readonly piece: Piece;
  private readonly observer: ResizeObserver;
  private readonly remove: () => void;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly painter: Painter,
    private readonly paint: Paint,
  ) {
    this.piece = { dirty: true, draw: () => this.draw() };
    this.observer = new ResizeObserver(() => this.wake());
    this.observer.observe(canvas);
    this.remove = painter.add(this.piece);
  }

  wake(): void {
    this.painter.wake(this.piece);
  }

  destroy(): void {
    this.observer.disconnect();
    this.remove();
  }

  private draw(): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const context = this.canvas.getContext("2d");
    if (!context || width === 0 || height === 0) return;
    const ratio = window.devicePixelRatio || 1;
    this.fit(Math.round(width * ratio), Math.round(height * ratio));
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    this.paint(context, { width, height });
  }

  private fit(width: number, height: number): void {
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
  }
}
