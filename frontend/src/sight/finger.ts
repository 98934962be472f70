import { Observable } from "../observable";
import { type Clock, systemClock } from "../wire/stream";
import type { Position } from "./place";

// A finger that goes on sooner scrolls, or taps.
export const HOLD_MS = 150;
const STRAYS = 10;

/** A finger on the screen: where it is, in pixels of the window, and on what. */
export interface Touch {
  at: Position;
  on: Element;
}

/** What a finger does to what lies under it. */
export interface Pointed {
  point(at: Position): void;
  tap(at: Position): void;
  leave(): void;
}

/** A finger points when it has been held still for a moment; then a lens shows what it hides. */
export class Finger {
  /** Where the finger points now; null while none does. */
  readonly held = new Observable<Touch | null>(null);
  private down: Touch | null = null;
  private forget: (() => void) | null = null;

  constructor(
    private readonly pointed: Pointed,
    private readonly clock: Pick<Clock, "after"> = systemClock,
  ) {}

  get points(): boolean {
    return this.held.value !== null;
  }

  press(touch: Touch): void {
    this.lose();
    this.down = touch;
    this.forget = this.clock.after(HOLD_MS, () => this.lead(touch.at));
  }

  move(at: Position): void {
    const { down } = this;
    if (!down) return;
    if (this.points) return this.lead(at);
    if (Math.hypot(at.x - down.at.x, at.y - down.at.y) > STRAYS) this.lose();
  }

  lift(): void {
    const { down } = this;
    const points = this.points;
    this.lose();
    if (down && !points) this.pointed.tap(down.at);
  }

  /** The finger scrolls, or something else takes it. */
  lose(): void {
    this.forget?.();
    this.forget = null;
    this.down = null;
    if (!this.points) return;
    this.held.set(null);
    this.pointed.leave();
  }

  private lead(at: Position): void {
    if (!this.down) return;
    this.held.set({ at, on: this.down.on });
    this.pointed.point(at);
  }
}

/** Gives what one finger does on an element to `finger`; a page under a pointing finger stays. */
export function listenTouch(element: HTMLElement, finger: Finger): () => void {
  const at = ({ clientX: x, clientY: y }: PointerEvent): Position => ({ x, y });
  const on = (event: PointerEvent): boolean => event.pointerType === "touch";
  const press = (event: PointerEvent): void => {
    if (on(event) && event.isPrimary) finger.press({ at: at(event), on: element });
  };
  const move = (event: PointerEvent): void => void (on(event) && finger.move(at(event)));
  const lift = (event: PointerEvent): void => void (on(event) && finger.lift());
  const lose = (event: PointerEvent): void => void (on(event) && finger.lose());
  const stay = (event: Event): void => void (finger.points && event.preventDefault());
  element.addEventListener("pointerdown", press);
  window.addEventListener("pointermove", move);
  window.addEventListener("pointerup", lift);
  window.addEventListener("pointercancel", lose);
  element.addEventListener("touchmove", stay, { passive: false });
  element.addEventListener("contextmenu", stay);
  return () => {
    finger.lose();
    element.removeEventListener("pointerdown", press);
    window.removeEventListener("pointermove", move);
    window.removeEventListener("pointerup", lift);
    window.removeEventListener("pointercancel", lose);
    element.removeEventListener("touchmove", stay);
    element.removeEventListener("contextmenu", stay);
  };
}
