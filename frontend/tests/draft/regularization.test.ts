import { expect, test } from "vitest";

import { regularizationOf, ruleChanges } from "../../src/draft/regularization";

test("what is written says which rule holds, what a run was told goes before", () => {
  const document = { train: { l2: 0.003 } };
  expect(regularizationOf({}, {})).toEqual({ kind: "none", rate: 0 });
  expect(regularizationOf(document, {})).toEqual({ kind: "l2", rate: 0.003 });
  expect(regularizationOf(document, { l1: 0.1, l2: 0 })).toEqual({ kind: "l1", rate: 0.1 });
});

test("another rule keeps the rate, the first one begins with a thousandth", () => {
  expect(ruleChanges("l1", 0.03)).toEqual({ l1: 0.03, l2: 0 });
  expect(ruleChanges("both", 0)).toEqual({ l1: 0.001, l2: 0.001 });
  expect(ruleChanges("none", 0.03)).toEqual({ l1: 0, l2: 0 });
});
