import { describe, expect, it } from "vitest";

import { INITIAL, type State } from "../../src/page/state";
import { Pictures } from "../../src/painting/pictures";
import { Brush } from "../../src/points/brush";
import {
  classCount,
  drawnPoints,
  type DrawnPoint,
  MOST_POINTS,
  offeredClasses,
  withDrawn,
} from "../../src/points/drawn";
import type { Picture } from "../../src/wire/frame";
import type { Document } from "../../src/wire/plan";

/** A page that keeps what the brush hands over. */
class Page {
  edits: Document[] = [];
  readonly pictures = new Pictures();
  readonly state: { value: State };
  readonly brush: Brush;

  constructor(document: Document) {
    this.state = { value: { ...INITIAL, document } };
    this.brush = new Brush(this);
  }

  edit(document: Document): void {
    this.edits.push(document);
    this.state.value = { ...this.state.value, document };
  }

  get points(): readonly DrawnPoint[] | null {
    return drawnPoints(this.state.value.document);
  }
}

const split = { train: 0.5 };
const GENERATED: Document = { data: { name: "spiral", options: { points: 4 }, split } };
const own = (points: readonly DrawnPoint[]): Document =>
  withDrawn({ spec: "nn/1" }, points, "classification");

function samples(inputs: number[], targets: number[]): Picture {
  const arrays = [
    { name: "inputs", shape: [targets.length, 2], values: Float32Array.from(inputs) },
    { name: "targets", shape: [targets.length], values: Float32Array.from(targets) },
  ];
  return { run: null, probe: "", kind: "samples", step: 0, epoch: 0, meta: {}, arrays };
}

describe("the brush", () => {
  it("shows points under the hand and hands them over once when it lifts", () => {
    const page = new Page(own([[0, 0, 0]]));
    page.brush.choose(1);
    page.brush.press({ x: 1, y: 1 });
    expect(page.brush.points).toEqual([
      [0, 0, 0],
      [1, 1, 1],
    ]);
    expect(page.edits).toEqual([]);
    page.brush.drag({ x: 2, y: 1 });
    page.brush.lift();
    expect(page.edits).toHaveLength(1);
    expect(page.points).toEqual(page.brush.points);
  });

  it("leaves points at even distances along a stroke, however fast the hand was", () => {
    const strokes = [[3.6], Array.from({ length: 36 }, (_, at) => (at + 1) / 10)];
    const points = strokes.map((places) => {
      const page = new Page(own([]));
      page.brush.choose(0);
      page.brush.press({ x: 0, y: 0 });
      for (const x of places) page.brush.drag({ x, y: 0 });
      page.brush.lift();
      return page.points;
    });
    expect(points[0]).toHaveLength(11);
    expect(points[0]?.[10]?.[0]).toBeCloseTo(3.5);
    expect(points[1]).toEqual(points[0]);
  });

  it("makes generated points the person's own, those held out too, and keeps the split", () => {
    const page = new Page(GENERATED);
    page.pictures.put(samples([1, 2.004, -3, 4], [0, 1]), "samples train");
    page.pictures.put(samples([5, 5], [1]), "samples validation");
    page.brush.choose(0);
    page.brush.tap({ x: 0.5, y: -0.5 });
    expect(page.points).toEqual([
      [1, 2, 0],
      [-3, 4, 1],
      [5, 5, 1],
      [0.5, -0.5, 0],
    ]);
    expect((page.state.value.document["data"] as Document)["split"]).toEqual(split);
  });

  it("wipes what lies under the eraser and nothing else", () => {
    const page = new Page(
      own([
        [0, 0, 0],
        [0.3, 0.3, 1],
        [2, 2, 1],
      ]),
    );
    page.brush.choose("eraser");
    page.brush.tap({ x: 0, y: 0 });
    expect(page.points).toEqual([[2, 2, 1]]);
    page.brush.tap({ x: -4, y: -4 });
    expect(page.edits).toHaveLength(1);
  });

  it("paints nothing without a tool, beyond the field, or beyond the limit", () => {
    const page = new Page(own([[0, 0, 0]]));
    page.brush.tap({ x: 1, y: 1 });
    page.brush.choose(0);
    page.brush.tap({ x: 6.2, y: 0 });
    expect(page.edits).toEqual([]);
    const full = new Page(own(Array.from({ length: MOST_POINTS }, () => [0, 0, 0] as const)));
    full.brush.choose(1);
    full.brush.tap({ x: 1, y: 1 });
    expect(full.edits).toEqual([]);
  });

  it("forgets a stroke that was broken off", () => {
    const page = new Page(own([[0, 0, 0]]));
    page.brush.choose(1);
    page.brush.press({ x: 1, y: 1 });
    page.brush.cancel();
    page.brush.drag({ x: 3, y: 3 });
    page.brush.lift();
    expect(page.brush.points).toEqual([[0, 0, 0]]);
    expect(page.edits).toEqual([]);
  });

  it("brings back the drawing of before when its tile is chosen again", () => {
    const page = new Page(own([]));
    page.brush.choose(0);
    page.brush.tap({ x: 1, y: 1 });
    page.edit(GENERATED);
    page.brush.open();
    expect(page.points).toEqual([[1, 1, 0]]);
  });

  it("clears the field and is ready to draw on it", () => {
    const page = new Page(GENERATED);
    page.brush.clear();
    expect(page.points).toEqual([]);
    expect(page.brush.work.value.tool).toBe(0);
  });

  it("moves a cross by the arrow keys, never out of the field", () => {
    expect(Brush.moved(null, "ArrowUp", false)).toEqual({ x: 0, y: 0.25 });
    expect(Brush.moved({ x: 5.9, y: 0 }, "ArrowRight", true)).toEqual({ x: 6, y: 0 });
    expect(Brush.moved(null, "a", false)).toBeNull();
  });
});

describe("points of a document", () => {
  it("keep their task, so that targets stay targets", () => {
    const document = withDrawn({}, [[0, 0, -0.5]], "regression");
    expect(document["data"]).toEqual({
      name: "drawn",
      options: { task: "regression", points: [[0, 0, -0.5]] },
    });
  });

  it("are none where the data come from elsewhere, and leave out what is no point", () => {
    expect(drawnPoints(GENERATED)).toBeNull();
    expect(drawnPoints({ data: "drawn" })).toEqual([]);
    const points = [[1, 2, 0], [1], "x", [1, null, "a"]];
    expect(drawnPoints({ data: { name: "drawn", options: { points } } })).toEqual([[1, 2, 0]]);
  });

  it("offer the next class, from two to eight", () => {
    expect(offeredClasses([])).toBe(2);
    expect(offeredClasses([[0, 0, 2]])).toBe(4);
    expect(offeredClasses([[0, 0, 7]])).toBe(8);
    expect(classCount([[0, 0, 2]])).toBe(3);
  });
});
