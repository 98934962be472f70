import { expect, test } from "vitest";

import { en } from "../../src/words/en";
import { say } from "../../src/words/words";
import { zh } from "../../src/words/zh";

const slots = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();

test("both languages have the same keys", () => {
  expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
});

test.each(Object.keys(en) as (keyof typeof en)[])(
  "%s has words and the same slots in both",
  (key) => {
    expect(zh[key]).not.toBe("");
    expect(slots(zh[key])).toEqual(slots(en[key]));
  },
);

test("slots are filled in", () => {
  expect(say("en", "problems", { count: 2 })).toBe("2 problems");
  expect(say("zh", "problems", { count: 2 })).toBe("2 个问题");
});
