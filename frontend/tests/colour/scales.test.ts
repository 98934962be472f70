import { expect, test } from "vitest";

import { fromOklab, parseHex, toOklab } from "../../src/colour/oklab";
import { cssColour, figureOn, SIGNED_LOOKUP } from "../../src/colour/scales";

test("OKLab of white and of a known blue are as published", () => {
  const [lightness, a, b] = toOklab([255, 255, 255]);
  expect([lightness, a, b]).toEqual([
    expect.closeTo(1, 4),
    expect.closeTo(0, 4),
    expect.closeTo(0, 4),
  ]);
  expect(toOklab([0, 0, 255])[0]).toBeCloseTo(0.452, 3);
});

test.each(["#B85A00", "#6AA9DC", "#1E2227"])("%s survives the way to OKLab and back", (hex) => {
  expect(fromOklab(toOklab(parseHex(hex)))).toEqual(parseHex(hex));
});

test("the signed scale ends and turns at its stops", () => {
  expect(cssColour(SIGNED_LOOKUP.light, 0)).toBe("rgb(184, 90, 0)");
  expect(cssColour(SIGNED_LOOKUP.light, 255)).toBe("rgb(26, 95, 166)");
  expect(cssColour(SIGNED_LOOKUP.dark, 255)).toBe("rgb(109, 182, 255)");
});

test("a figure in a cell is black on light and white on dark colours", () => {
  expect(figureOn(0xffffffff)).toBe("#000");
  expect(figureOn(0xff000000)).toBe("#fff");
});
