import { describe, expect, it } from "vitest";

import { winnersOf } from "../../src/painting/contour";
import { discretized } from "../../src/painting/discrete";
import { mixClasses } from "../../src/painting/fields";
import { parted } from "../../src/painting/output";
import { shownField } from "../../src/painting/shown";
import { Pictures } from "../../src/painting/pictures";
import { classColour } from "../../src/points/marks";
import type { Picture, PictureArray } from "../../src/wire/frame";

const array = (shape: number[], values: number[]): PictureArray => ({
  name: "field",
  shape,
  values: Float32Array.from(values),
});
const picture = (arrays: PictureArray[]): Picture => ({
  run: null,
  probe: "",
  kind: "field",
  step: 0,
  epoch: 0,
  meta: {},
  arrays,
});

describe("the field of several classes", () => {
  const shares = array([3, 1, 2], [0.6, 0.1, 0.3, 0.2, 0.1, 0.7]);

  it("mixes their colours by their shares", () => {
    const pixels = new Uint8ClampedArray(8);
    const colours = [
      [200, 0, 0],
      [0, 200, 0],
      [0, 0, 200],
    ] as const;
    mixClasses(shares.values, pixels, 3, colours);
    expect([...pixels]).toEqual([120, 60, 20, 255, 20, 40, 140, 255]);
  });

  it("mixes answers that are no shares as if they were", () => {
    const pixels = new Uint8ClampedArray(4);
    mixClasses(Float32Array.of(3, -5), pixels, 2, [
      [200, 100, 0],
      [0, 0, 255],
    ]);
    expect([...pixels]).toEqual([200, 100, 0, 255]);
  });

  it("has one winner at each place", () => {
    expect([...winnersOf(shares)]).toEqual([0, 2]);
  });
});

describe("the decided output", () => {
  it("is one sign, one class or one band at each place, and four times as fine", () => {
    const field = array([1, 2, 2], [-0.9, 0.9, -0.2, 0.3]);
    const signs = discretized(field, 1, "sign");
    expect(signs.shape).toEqual([1, 8, 8]);
    expect(new Set(signs.values)).toEqual(new Set([-1, 1]));
    const bands = discretized(field, 1, "band");
    expect([...bands.values].every((value) => Number.isInteger(value * 4))).toBe(true);
    const classes = discretized(array([2, 1, 1], [0.4, 0.6]), 1, "class");
    expect(new Set(classes.values.slice(0, 16))).toEqual(new Set([0]));
    expect(new Set(classes.values.slice(16))).toEqual(new Set([1]));
  });

  it("is asked for by its switch alone, and never of a unit", () => {
    const pictures = new Pictures();
    pictures.put(picture([array([3, 1, 1], [0.2, 0.3, 0.5])]), "field");
    const unit = { ...array([1, 1, 1], [2]), name: "linear_1" };
    pictures.put(picture([unit]), "unit_fields");
    const plain = { plan: null, spot: null, discretized: false };
    expect(shownField(pictures, plain)).toMatchObject({ index: -1, steps: null });
    expect(shownField(pictures, { ...plain, discretized: true })?.steps).toBe("class");
  });
});

describe("drawn points", () => {
  it("are hollow where they are held out, and solid until that is known", () => {
    const held = picture([
      { ...array([1, 2], [1.004, 2]), name: "inputs" },
      { ...array([1], [1]), name: "targets" },
    ]);
    const points = [
      [1, 2, 1],
      [1, 2, 0],
    ] as const;
    expect(parted(points, [held, undefined])).toEqual([[[1, 2, 0]], [[1, 2, 1]]]);
  });

  it("keep the colours of two classes when a third is drawn", () => {
    expect(classColour(0, "light")).toBe("#D55E00");
    expect(classColour(1, "light")).toBe("#0072B2");
    expect(classColour(2, "light")).toBe("#009E73");
  });
});
