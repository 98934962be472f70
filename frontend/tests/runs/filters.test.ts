import { expect, test } from "vitest";

import { askFor, NO_FILTERS, readFilters, writeFilters } from "../../src/runs/filters";

test("filters read back from the address", () => {
  const filters = {
    status: "paused",
    tag: "deep & wide",
    name: "100 %",
    dataset: "spiral",
    order: "oldest",
  } as const;
  expect(readFilters(new URLSearchParams(writeFilters(filters).toString()))).toEqual(filters);
  expect(writeFilters(NO_FILTERS).toString()).toBe("");
});

test("what an address says wrongly filters nothing", () => {
  const query = new URLSearchParams("status=asleep&order=sideways&compare=x");
  expect(readFilters(query)).toEqual(NO_FILTERS);
  const long = readFilters(new URLSearchParams({ tag: "t".repeat(5_000) }));
  expect(long.tag.length).toBe(64);
});

test("a page is asked for with its cursor and its bound", () => {
  const query = askFor({ ...NO_FILTERS, name: "  deep " }, "12.run_1");
  expect(query.toString()).toBe("name=deep&limit=50&cursor=12.run_1");
});
