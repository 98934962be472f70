import { expect, it } from "vitest";

import { Fade } from "../../src/painting/fade";

it("what comes in is whole after its time, what goes is gone at once", () => {
  let now = 1_000;
  const fade = new Fade(() => now, 120);
  expect(fade.share).toBe(1);
  fade.begin();
  expect(fade.share).toBe(0);
  now += 60;
  fade.begin();
  expect(fade.share).toBe(0.5);
  now += 600;
  expect(fade.share).toBe(1);
  fade.end();
  fade.begin();
  expect(fade.share).toBe(0);
});

it("without motion everything is there at once", () => {
  const still = new Fade(() => 0, 0);
  still.begin();
  expect(still.share).toBe(1);
});
