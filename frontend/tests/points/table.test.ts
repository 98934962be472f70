import { expect, test } from "vitest";

import { MOST_POINTS } from "../../src/points/drawn";
import { readTable } from "../../src/points/table";

const faultOf = (text: string): unknown => (readTable(text) as { fault?: unknown }).fault;

test("a table with a head and classes by name becomes points", () => {
  const read = readTable('x,y,class\n1,2.345,"red"\n-1,0,blue\r\n0,0,red\n\n');
  const points = [
    [1, 2.35, 0],
    [-1, 0, 1],
    [0, 0, 0],
  ];
  expect(read).toEqual({ points, task: "classification" });
});

test("classes that are numbers stay what they are, and others are targets", () => {
  expect(readTable("1\t2\t1\n2\t1\t3")).toMatchObject({
    points: [
      [1, 2, 1],
      [2, 1, 3],
    ],
  });
  expect(readTable("1;2;0.5\n2;1;-1")).toMatchObject({ task: "regression" });
});

test("what is wrong is told with its row", () => {
  expect(faultOf("x,y,class\n1,2,0\n1,2")).toEqual({
    words: "tableColumns",
    params: { row: 3, count: 2 },
  });
  expect(faultOf("1,2,0\n1,two,0")).toMatchObject({ words: "tableNumber", params: { row: 2 } });
  expect(faultOf("1,2,0\n7,0,0")).toMatchObject({ words: "tableFar", params: { row: 2 } });
  expect(faultOf("x,y,class\n")).toMatchObject({ words: "tableEmpty" });
});

test("no more rows and classes than there are points and colours", () => {
  const rows = Array.from({ length: MOST_POINTS + 1 }, () => "0,0,0").join("\n");
  expect(faultOf(rows)).toMatchObject({ words: "tableMany", params: { count: MOST_POINTS + 1 } });
  expect(readTable(rows.slice(6))).toHaveProperty("points.length", MOST_POINTS);
  const words = [..."abcdefghi"].map((word) => `0,0,${word}`).join("\n");
  expect(faultOf(words)).toMatchObject({ words: "tableClasses", params: { count: 9 } });
});
