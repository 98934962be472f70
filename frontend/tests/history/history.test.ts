import { expect, test } from "vitest";

import { changedPlace, History, type Kept } from "../../src/history/history";
import type { Document } from "../../src/wire/plan";

const net = (rate: number, units = 4): Kept => ({ title: "a net", document: written(rate, units) });
const written = (rate: number, units = 4): Document => ({
  network: { layers: [{ type: "linear", units }, "linear"] },
  train: { optimizer: { learning_rate: rate } },
});

test("goes back and forth over what was on the page", () => {
  const history = new History();
  history.take(net(0.1), 0);
  history.take(net(0.1, 5), 0);
  expect(history.take(net(0.2, 5), 10)).toEqual({ undos: 2, redos: 0 });
  expect(history.go(-1)).toEqual(net(0.1, 5));
  expect(history.go(-1)).toEqual(net(0.1));
  expect(history.go(-1)).toBeUndefined();
  expect(history.depth).toEqual({ undos: 0, redos: 2 });
  expect(history.go(1)).toEqual(net(0.1, 5));
});

test("a slider that is dragged for long is one entry", () => {
  const history = new History();
  history.take(net(0.1), 0);
  for (let move = 1; move <= 50; move++) history.take(net(0.1 + move / 100), move * 500);
  expect(history.depth).toEqual({ undos: 1, redos: 0 });
  expect(history.go(-1)).toEqual(net(0.1));
});

test("a slider taken up again after a rest is another entry", () => {
  const history = new History();
  history.take(net(0.1), 0);
  history.take(net(0.2), 100);
  history.take(net(0.3), 2_000);
  expect(history.depth.undos).toBe(2);
});

test("presses one after the other are entries of their own", () => {
  const history = new History();
  history.take(net(0.1, 4), 0);
  for (const units of [5, 6, 7]) {
    history.rest();
    history.take(net(0.1, units), units);
  }
  expect(history.depth.undos).toBe(3);
});

test("an edit after going back drops what had been undone", () => {
  const history = new History();
  history.take(net(0.1), 0);
  history.take(net(0.2), 0);
  history.go(-1);
  expect(history.take(net(0.7), 10)).toEqual({ undos: 1, redos: 0 });
  expect(history.go(-1)).toEqual(net(0.1));
});

test("the document that is already there is no entry", () => {
  const history = new History();
  history.take(net(0.1), 0);
  expect(history.take(structuredClone(net(0.1)), 10)).toEqual({ undos: 0, redos: 0 });
});

test("no more than two hundred documents are kept", () => {
  const history = new History();
  for (let units = 1; units <= 300; units++) history.take(net(0.1, units), units * 1_000);
  expect(history.depth.undos).toBe(199);
});

test("a difference is at one place or at many", () => {
  expect(changedPlace(written(0.1), written(0.2))).toBe("/train/optimizer/learning_rate");
  expect(changedPlace(written(0.1), written(0.2, 9))).toBe("*");
  expect(changedPlace({ a: [1, 2] }, { a: [1] })).toBe("/a/1");
  expect(changedPlace({ a: 1 }, { a: { b: 1 } })).toBe("*");
});
