import type { Status } from "../wire/types";

/** Which runs a list shows, and in which order. */
export interface Filters {
  status: Status | null;
  tag: string;
  name: string;
  dataset: string;
  order: "newest" | "oldest";
}

export const STATUSES: readonly Status[] = [
  "running",
  "queued",
  "waiting",
  "paused",
  "finished",
  "stopped",
  "failed",
];
export const NO_FILTERS: Filters = {
  status: null,
  tag: "",
  name: "",
  dataset: "",
  order: "newest",
};
const LONGEST = { tag: 64, name: 200, dataset: 64 };
const PAGE = 50;

/** The query of filters, in the page's address and to the service alike. */
export function writeFilters(filters: Filters): URLSearchParams {
  const query = new URLSearchParams();
  if (filters.status) query.set("status", filters.status);
  for (const field of ["tag", "name", "dataset"] as const) {
    const text = filters[field].trim().slice(0, LONGEST[field]);
    if (text) query.set(field, text);
  }
  if (filters.order !== "newest") query.set("order", filters.order);
  return query;
}

/** The filters that an address says; what it says wrongly filters nothing. */
export function readFilters(query: URLSearchParams): Filters {
  const text = (field: keyof typeof LONGEST) => (query.get(field) ?? "").slice(0, LONGEST[field]);
  return {
    status: STATUSES.find((known) => known === query.get("status")) ?? null,
    tag: text("tag"),
    name: text("name"),
    dataset: text("dataset"),
    order: query.get("order") === "oldest" ? "oldest" : "newest",
  };
}

/** What is asked of the service for one page of a list. */
export function askFor(filters: Filters, cursor: string | null): URLSearchParams {
  const query = writeFilters(filters);
  query.set("limit", String(PAGE));
  if (cursor) query.set("cursor", cursor);
  return query;
}
