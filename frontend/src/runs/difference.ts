import type { Json } from "../wire/plan";

/** One field in which two documents differ; undefined where one has none. */
export interface Change {
  path: string;
  first: Json | undefined;
  second: Json | undefined;
}

/** The fields in which two documents differ, in the order of the first. */
export function differences(
  first: Json | undefined,
  second: Json | undefined,
  path = "",
): Change[] {
  if (isBranch(first) && isBranch(second) && Array.isArray(first) === Array.isArray(second)) {
    const keys = new Set([...Object.keys(first), ...Object.keys(second)]);
    return [...keys].flatMap((key) =>
      differences(child(first, key), child(second, key), `${path}/${key}`),
    );
  }
  return JSON.stringify(first) === JSON.stringify(second) ? [] : [{ path, first, second }];
}

function child(branch: Branch, key: string): Json | undefined {
  return Object.hasOwn(branch, key) ? (branch as Record<string, Json>)[key] : undefined;
}

type Branch = Json[] | { [key: string]: Json };

function isBranch(value: Json | undefined): value is Branch {
  return typeof value === "object" && value !== null;
}
