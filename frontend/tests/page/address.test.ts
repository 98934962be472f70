import { expect, test } from "vitest";

import { addressOf, readAddress } from "../../src/page/address";

test("addresses say what is on the page", () => {
  expect(readAddress("/", "")).toEqual({ page: "play", run: null });
  expect(readAddress("/runs", "")).toEqual({ page: "runs" });
  expect(readAddress("/runs/run_01ab", "")).toEqual({ page: "play", run: "run_01ab" });
  expect(readAddress("/launch", "#a%2Bb")).toEqual({ page: "launch", code: "a+b" });
});

test("the address of a run reads back as that run", () => {
  expect(readAddress(addressOf("run_x"), "")).toEqual({ page: "play", run: "run_x" });
});
