import { expect, test } from "vitest";

import {
  formatCount,
  formatLoss,
  formatRate,
  formatShortCount,
  formatTerm,
} from "../../src/numbers/format";

test.each([
  [0.0214, "0.021"],
  [1.5, "1.50"],
  [123.4, "123"],
  [0.00004, "4·10⁻⁵"],
  [4e9, "4·10⁹"],
  [NaN, "NaN"],
  [Infinity, "∞"],
  [0, "0.000"],
])("a loss of %f reads %s", (value, text) => {
  expect(formatLoss(value)).toBe(text);
});

test("an unknown loss is a dash", () => {
  expect(formatLoss(undefined)).toBe("–");
});

test("counts are grouped, or short with a unit", () => {
  expect(formatCount(3482.9)).toBe("3,482");
  expect([812, 1_200, 25_557_032].map(formatShortCount)).toEqual(["812", "1.2 k", "25.6 M"]);
});

test("rates are as short as they can be said", () => {
  expect([0.03, 0.1, 1, 0.0001].map(formatRate)).toEqual(["0.03", "0.1", "1", "1·10⁻⁴"]);
  expect([20_000, 1e6].map(formatRate)).toEqual(["20000", "1·10⁶"]);
});

test("a negative term has a true minus", () => {
  expect(formatTerm(-1.2)).toBe("−1.20");
});
