import { beforeEach, expect, test } from "vitest";

import { INITIAL, type Own, type State } from "../../src/page/state";
import { Pictures } from "../../src/painting/pictures";
import { Sight } from "../../src/sight/sight";
import type { Picture } from "../../src/wire/frame";
import type { Plan } from "../../src/wire/plan";

const plan = {
  layers: [
    { name: "flatten_1", type: "flatten", inputs: ["input"], output: [4], fields: {} },
    { name: "linear_1", type: "linear", inputs: ["flatten_1"], output: [1], fields: {} },
  ],
  data: { input: [1, 2, 2] },
  totals: { parameters: 5 },
} as unknown as Plan;

function picture(kind: string, arrays: Record<string, [shape: number[], values: number[]]>) {
  return {
    kind,
    meta: { target: 7 },
    arrays: Object.entries(arrays).map(([name, [shape, values]]) => ({
      name,
      shape,
      values: Float32Array.from(values),
    })),
  } as unknown as Picture;
}

function weights(...values: number[]): Picture {
  return picture("weights", { "linear_1.weight": [[1, 4], values], "linear_1.bias": [[1], [10]] });
}

const own = (from: Own["from"], ...values: number[]): Own => ({
  from,
  values: Float32Array.from(values),
  right: 1,
  down: 0,
});

let pictures: Pictures;
let sight: Sight;
let state: State;

beforeEach(() => {
  pictures = new Pictures();
  sight = new Sight(pictures);
  state = { ...INITIAL, plan };
  pictures.put(
    picture("units", {
      input: [
        [1, 2, 2],
        [1, 2, 3, 4],
      ],
      linear_1: [[1], [99]],
    }),
  );
});

test("the page computes what the chosen sample gives from the newest weights", () => {
  pictures.put(weights(1, 1, 1, 1));
  expect(sight.seen(state)?.values.get("linear_1")).toEqual(Float32Array.of(20));
  pictures.put(weights(0, 0, 0, 1));
  expect(sight.seen(state)?.values.get("linear_1")).toEqual(Float32Array.of(14));
});

test("for the same weights and input it computes once", () => {
  pictures.put(weights(1, 1, 1, 1));
  expect(sight.seen(state)).toBe(sight.seen(state));
});

test("without weights the numbers of the service stand", () => {
  expect(sight.seen(state)).toBeNull();
  expect(sight.values(state)?.get("linear_1")).toEqual(Float32Array.of(99));
});

test("a net above 50,000 parameters is left to the service", () => {
  pictures.put(weights(1, 1, 1, 1));
  const large = { ...state, plan: { ...plan, totals: { parameters: 50_001 } } as Plan };
  expect(sight.seen(large)).toBeNull();
});

test("a drawing has no target, a moved sample keeps its own", () => {
  pictures.put(weights(1, 1, 1, 1));
  const drawn = sight.seen({ ...state, own: own("pad", 0, 0, 0, 1) });
  expect(drawn?.values.get("linear_1")).toEqual(Float32Array.of(11));
  expect(drawn?.units.meta["target"]).toBeNull();
  expect(sight.seen({ ...state, own: own("sample", 0, 1, 0, 3) })?.units.meta["target"]).toBe(7);
});

test("a moved sample is compared with itself where it was; a drawing with nothing", () => {
  pictures.put(weights(1, 1, 1, 1));
  const moved = { ...state, own: own("sample", 0, 1, 0, 3) };
  expect(sight.unmoved(moved)?.get("linear_1")).toEqual(Float32Array.of(20));
  expect(sight.unmoved({ ...state, own: own("pad", 0, 0, 0, 1) })).toBeNull();
});

test("an input of another net is not read", () => {
  pictures.put(weights(1, 1, 1, 1));
  const other = { ...state, own: own("pad", 5, 5) };
  expect(sight.seen(other)?.values.get("linear_1")).toEqual(Float32Array.of(20));
});
