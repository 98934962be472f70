import { expect, test } from "vitest";

import { waitOf } from "../../src/run/queue";

test("the wait is told once the place has fallen, by how fast it fell", () => {
  expect(waitOf({ ahead: 6, at: 0 }, { ahead: 6, at: 9_000 })).toBeNull();
  expect(waitOf({ ahead: 6, at: 0 }, { ahead: 4, at: 4_000 })).toBe(8);
  expect(waitOf({ ahead: 6, at: 0 }, { ahead: 0, at: 4_000 })).toBe(1);
  expect(waitOf({ ahead: 2, at: 0 }, { ahead: 5, at: 4_000 })).toBeNull();
});
