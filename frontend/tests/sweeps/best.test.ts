import { expect, test } from "vitest";

import { bestSoFar, leaderOf, ranked } from "../../src/sweeps/best";
import { stairs } from "../../src/sweeps/lines_painting";
import { member, SWEEP } from "./members";

const LEAST = SWEEP.goal;
const MOST = { ...LEAST, series: "validation/accuracy", direction: "maximize" } as const;
const MEMBERS = [0.5, null, 0.7, 0.2, 0.4].map((goal, at) => member(at, { goal }));

test("the best so far only falls, in the order in which members were made", () => {
  const reached = bestSoFar([...MEMBERS].reverse(), LEAST);
  expect(reached.map(({ member: { index }, best }) => [index, best])).toEqual([
    [0, 0.5],
    [2, 0.5],
    [3, 0.2],
    [4, 0.2],
  ]);
  expect(leaderOf(MEMBERS, LEAST)?.index).toBe(3);
});

test("of a share the most is the best", () => {
  expect(leaderOf(MEMBERS, MOST)?.index).toBe(2);
});

test("before any figure nobody leads", () => {
  expect(leaderOf([member(0)], LEAST)).toBeNull();
});

test("one that failed never leads, and stands last", () => {
  const members = [member(0, { goal: 0.1, status: "failed" }), member(1, { goal: 0.9 })];
  expect(leaderOf(members, LEAST)?.index).toBe(1);
  expect(ranked(members, LEAST).map(({ index }) => index)).toEqual([1, 0]);
  expect(leaderOf(members.slice(0, 1), LEAST)).toBeNull();
});

test("a list goes from the best to the worst, and ends with those of which nothing is known", () => {
  expect(ranked(MEMBERS, LEAST).map(({ index }) => index)).toEqual([3, 4, 0, 2, 1]);
  expect(ranked(MEMBERS, MOST).map(({ index }) => index)).toEqual([2, 0, 4, 3, 1]);
});

test("the line stays level until a better one comes, and goes on to the last member", () => {
  const reached = bestSoFar(MEMBERS, LEAST);
  const places = stairs(
    reached,
    5,
    (index) => index,
    (value) => value,
  );
  expect(places).toEqual([
    { x: 0, y: 0.5 },
    { x: 3, y: 0.5 },
    { x: 3, y: 0.2 },
    { x: 4, y: 0.2 },
  ]);
});
