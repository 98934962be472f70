import { expect, test } from "vitest";

import { indentUnder } from "../../src/text/indent";

test.each([
  ["train:", 2],
  ["  layers:", 4],
  ["  layers:  # in order", 4],
  ["  - body:", 6],
])("what belongs to %s stands further in", (line, columns) => {
  expect(indentUnder(line)).toBe(columns);
});

test.each(["epochs: 3", "- linear", "# a note:", "data: {name:", '"a:', ""])(
  "%s has its value, or leaves it to others",
  (line) => {
    expect(indentUnder(line)).toBeNull();
  },
);
