import { Observable } from "../observable";
import type { Point, State } from "../page/state";
import type { Pictures } from "../painting/pictures";
import { EXTENT } from "../painting/probes";
import type { Document } from "../wire/plan";
import {
  drawnPoints,
  drawnTask,
  erased,
  MOST_POINTS,
  type DrawnPoint,
  pointsOf,
  rounded,
  type Task,
  withDrawn,
} from "./drawn";

/** The class or target that the brush paints, or the eraser. */
export type Tool = number | "eraser";

export interface Brushwork {
  /** Null: the hand reads the field and paints nothing. */
  tool: Tool | null;
  /** The points under the hand, until it lifts. */
  points: readonly DrawnPoint[] | null;
}

/** What the brush works on: the page's session, as far as it concerns it. */
export interface Ground {
  readonly state: { readonly value: State };
  readonly pictures: Pick<Pictures, "get">;
  edit(document: Document): void;
}

/** Between two points of a stroke, in units of the plane. */
const SPACING = 0.35;
export const ERASER_RADIUS = 0.5;
const STEP = 0.25;
const PARTS = ["samples train", "samples validation", "samples test"];

/**
 * Paints points of the plane by hand. What it paints stands here while the hand is down; the
 * document gets it when the hand lifts, so that one stroke is one edit.
 */
export class Brush {
  readonly work = new Observable<Brushwork>({ tool: null, points: null });
  private last: Point | null = null;
  private before: readonly DrawnPoint[] = [];
  private kept: { points: readonly DrawnPoint[]; task: Task } | null = null;

  constructor(private readonly ground: Ground) {}

  /** Takes a tool in hand; the same one again, or null, puts it down. */
  choose(tool: Tool | null): void {
    const same = this.work.value.tool === tool;
    this.work.set({ tool: same ? null : tool, points: null });
  }

  /** Whether the hand is down. */
  get paints(): boolean {
    return this.last !== null;
  }

  /** The points that are shown: under the hand, else those of the document, if it has its own. */
  get points(): readonly DrawnPoint[] | null {
    return this.work.value.points ?? drawnPoints(this.ground.state.value.document);
  }

  get task(): Task {
    const { document, plan } = this.ground.state.value;
    if (drawnPoints(document)) return drawnTask(document);
    return plan?.data?.task ?? "classification";
  }

  /** The hand comes down: points that were generated become the person's own. */
  press(at: Point): void {
    const { tool } = this.work.value;
    if (tool === null) return;
    this.before = this.present();
    this.work.set({ tool, points: this.before });
    this.last = at;
    this.dab(at);
  }

  drag(at: Point): void {
    const from = this.last;
    if (!from) return;
    const distance = Math.hypot(at.x - from.x, at.y - from.y);
    const dabs = Math.floor(distance / SPACING);
    for (let dab = 1; dab <= dabs; dab++) {
      const share = (dab * SPACING) / distance;
      this.dab({ x: from.x + (at.x - from.x) * share, y: from.y + (at.y - from.y) * share });
      if (dab === dabs) {
        this.last = { x: from.x + (at.x - from.x) * share, y: from.y + (at.y - from.y) * share };
      }
    }
  }

  /** The hand lifts: the document gets what was painted, if anything was. */
  lift(): void {
    const { tool, points } = this.work.value;
    if (!this.last) return;
    this.last = null;
    if (points && points !== this.before) this.hand(points);
    this.work.set({ tool, points: null });
  }

  /** The stroke never was. */
  cancel(): void {
    this.last = null;
    this.work.update(({ tool }) => ({ tool, points: null }));
  }

  /** One point, or one wipe, without a stroke. */
  tap(at: Point): void {
    this.press(at);
    this.lift();
  }

  /** Leaves an empty field to draw on. */
  clear(): void {
    this.hand([]);
    // An empty field begins with the first class, whichever was painted last.
    this.work.set({ tool: 0, points: null });
  }

  /** The person's own points: those drawn before, else the ones on show. */
  open(): void {
    if (drawnPoints(this.ground.state.value.document)) return;
    const { document, plan } = this.ground.state.value;
    const task = plan?.data?.task ?? "classification";
    const points = this.kept?.task === task ? this.kept.points : this.present();
    this.ground.edit(withDrawn(document, points, task));
  }

  /** Where an arrow key moves a place to; null for any other key. */
  static moved(from: Point | null, key: string, far: boolean): Point | null {
    const way = WAYS[key];
    if (!way) return null;
    const { x, y } = from ?? { x: 0, y: 0 };
    const step = far ? 4 * STEP : STEP;
    return { x: bounded(x + way[0] * step), y: bounded(y + way[1] * step) };
  }

  private present(): readonly DrawnPoint[] {
    const own = drawnPoints(this.ground.state.value.document);
    return own ?? pointsOf(PARTS.map((part) => this.ground.pictures.get(part)));
  }

  private dab(at: Point): void {
    const { tool, points } = this.work.value;
    if (tool === null || !points) return;
    if (tool === "eraser") {
      return this.work.set({ tool, points: erased(points, at.x, at.y, ERASER_RADIUS) });
    }
    const inside = Math.max(Math.abs(at.x), Math.abs(at.y)) <= EXTENT;
    if (!inside || points.length >= MOST_POINTS) return;
    this.work.set({ tool, points: [...points, [rounded(at.x), rounded(at.y), tool]] });
  }

  private hand(points: readonly DrawnPoint[]): void {
    const task = this.task;
    this.kept = { points, task };
    this.ground.edit(withDrawn(this.ground.state.value.document, points, task));
  }
}

const WAYS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

function bounded(place: number): number {
  return Math.max(-EXTENT, Math.min(EXTENT, place));
}
