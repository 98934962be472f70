import { expect, test } from "vitest";

import { INITIAL } from "../../src/page/state";
import { readView, writeView } from "../../src/share/view";

test("a view as at first adds nothing to an address", () => {
  expect(writeView(INITIAL).toString()).toBe("");
  expect(readView(new URLSearchParams())).toMatchObject({ mode: "values", logarithmic: true });
});

test("what is chosen reads back from the address", () => {
  const view = {
    mode: "gradients",
    scale: "network",
    left: "text",
    heldOut: false,
    logarithmic: false,
    sample: { part: "train", index: 12 },
    opened: "stage2/0/conv2d_1",
  } as const;
  expect(readView(writeView(view))).toEqual(view);
});

test("what an address says wrongly is as at first", () => {
  const query = new URLSearchParams(
    "view=x&scale=&sample=train.-1&panel=log&axis=9&held-out=no&card=a+b",
  );
  expect(writeView(readView(query)).toString()).toBe("");
});
