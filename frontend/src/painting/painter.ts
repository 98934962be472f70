/** Something that draws itself when told, and tells whether it has to. */
export interface Piece {
  dirty: boolean;
  draw(): void;
}

/** The one animation-frame loop: asleep until a piece is dirty, then all dirty pieces at once. */
export class Painter {
  private readonly pieces = new Set<Piece>();
  private asked = false;
  private afterwards: () => void = () => undefined;

  constructor(private readonly frame: (call: () => void) => void) {}

  add(piece: Piece): () => void {
    this.pieces.add(piece);
    this.wake(piece);
    return () => this.pieces.delete(piece);
  }

  wake(piece: Piece): void {
    piece.dirty = true;
    this.ask();
  }

  wakeAll(): void {
    for (const piece of this.pieces) piece.dirty = true;
    this.ask();
  }

  /** Calls after each drawn frame, so that the stream can be told. */
  onDrawn(call: () => void): void {
    this.afterwards = call;
  }

  private ask(): void {
    if (this.asked) return;
    this.asked = true;
    this.frame(() => this.paint());
  }

  private paint(): void {
    this.asked = false;
    for (const piece of this.pieces) {
      if (!piece.dirty) continue;
      piece.dirty = false;
      piece.draw();
    }
    this.afterwards();
  }
}
