import { Observable } from "../observable";
import type { Json } from "../wire/plan";
import { type Axis } from "./coordinates";
import { type Brushes, brushed, brushedValue, type Pointed, stopBeside } from "./picking";
import { PAGE } from "./tiles";

/** What somebody looks at among the members of a sweep. */
export interface Picked {
  pointed: Pointed | null;
  brushes: Brushes;
  /** The run that is enlarged. */
  opened: string | null;
  /** The first member on the grid. */
  first: number;
}

const NOTHING: Picked = { pointed: null, brushes: new Map(), opened: null, first: 0 };

/** Pointing and brushing, shared by all pictures of a sweep. */
export class Selection {
  readonly state = new Observable<Picked>(NOTHING);

  point(pointed: Pointed | null): void {
    if (!samePlace(pointed, this.state.value.pointed)) this.change({ pointed });
  }

  brush(axis: number, from: number, to: number): void {
    this.change({ brushes: brushed(this.state.value.brushes, axis, from, to), pointed: null });
  }

  clear(): void {
    this.change({ brushes: NOTHING.brushes, pointed: null });
  }

  open(run: string | null): void {
    this.change({ opened: run });
  }

  /** The page of the grid before or behind this one. */
  turn(by: 1 | -1, count: number): void {
    const last = Math.max(0, Math.ceil(count / PAGE) - 1) * PAGE;
    const first = Math.max(0, Math.min(last, this.state.value.first + by * PAGE));
    this.change({ first });
  }

  /** Points at the next value of an axis, up or down. */
  walk(at: number, axis: Axis, by: 1 | -1): Json | null {
    const { pointed } = this.state.value;
    const now = pointed?.kind === "value" && pointed.axis === at ? pointed.value : null;
    const value = stopBeside(axis, now, by);
    if (value !== null) this.point({ kind: "value", axis: at, value });
    return value;
  }

  /** Keeps the value that is pointed at, until it is let go. */
  keep(at: number, axis: Axis): void {
    const { pointed, brushes } = this.state.value;
    if (pointed?.kind !== "value" || pointed.axis !== at) return;
    this.change({ brushes: brushedValue(brushes, at, axis, pointed.value), pointed: null });
  }

  private change(change: Partial<Picked>): void {
    this.state.update((state) => ({ ...state, ...change }));
  }
}

function samePlace(first: Pointed | null, second: Pointed | null): boolean {
  return JSON.stringify(first) === JSON.stringify(second);
}
