import type { Problem } from "../wire/plan";
import type { SweepsKey } from "../words/sweeps/words";
import { countOf, isRanged, type Entry, type SweepDraft } from "./draft";
import { readList, readNumber } from "./numbers";

/** What is wrong with a draft: at which of its fields, in the page's words or the service's. */
export interface Fault {
  at: Place;
  words: SweepsKey | null;
  params: Record<string, string | number>;
  text: string;
}

/** The number of an entry, or a field of the whole. */
export type Place = number | "members" | "seeds" | "goal" | "prune" | "whole";

/** What can be told before the service is asked. */
export function faultsOf(draft: SweepDraft, most: number | null): Fault[] {
  const faults = draft.entries.flatMap((entry, at) => ofEntry(entry, at, draft));
  if (!draft.entries.length) faults.push(fault("whole", "faultNothing"));
  if (draft.method !== "grid" && !isCount(draft.members)) {
    faults.push(fault("members", "faultCount"));
  }
  if (!isCount(draft.seeds)) faults.push(fault("seeds", "faultCount"));
  if (draft.rule !== "none" && !isCount(draft.after)) faults.push(fault("prune", "faultCount"));
  const count = countOf(draft);
  if (most !== null && count !== null && count > most) {
    faults.push(fault("whole", "faultMany", { count, most }));
  }
  return faults;
}

function ofEntry(entry: Entry, at: number, { entries, method }: SweepDraft): Fault[] {
  const { path, options } = entry.variable;
  if (entries.findIndex(({ variable }) => variable.path === path) < at) {
    return [fault(at, "faultTwice")];
  }
  if (options) return entry.chosen.length ? [] : [fault(at, "faultEmpty")];
  if (isRanged(entry, method)) return ofRange(entry, at);
  const numbers = readList(entry.list);
  if (numbers === null) return [fault(at, "faultNumbers")];
  if (!numbers.length) return [fault(at, "faultEmpty")];
  if (new Set(numbers).size < numbers.length) return [fault(at, "faultRepeated")];
  return numbers.flatMap((number) => ofNumber(entry, at, number)).slice(0, 1);
}

function ofRange(entry: Entry, at: number): Fault[] {
  const [low, high] = [readNumber(entry.low), readNumber(entry.high)];
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [fault(at, "faultNumbers")];
  if (low >= high) return [fault(at, "faultOrder")];
  if (entry.log && low <= 0) return [fault(at, "faultLog")];
  return [low, high].flatMap((number) => ofNumber(entry, at, number)).slice(0, 1);
}

function ofNumber({ variable }: Entry, at: number, number: number): Fault[] {
  const { integer, least, most } = variable;
  if (integer && !Number.isInteger(number)) return [fault(at, "faultWhole", { number })];
  if (number < least) return [fault(at, "faultLeast", { number, least })];
  return number > most ? [fault(at, "faultMost", { number, most })] : [];
}

function isCount(text: string): boolean {
  const number = readNumber(text);
  return Number.isInteger(number) && number > 0;
}

function fault(at: Place, words: SweepsKey, params: Fault["params"] = {}): Fault {
  return { at, words, params, text: "" };
}

/** What the service found, each at the field of the form that it is about. */
export function placedFaults(
  problems: readonly Problem[],
  entries: readonly { variable: { path: string } }[],
): Fault[] {
  const paths = entries.map(({ variable }) => variable.path);
  return problems.map(({ path, text, message }) => ({
    at: placeOf(path, paths),
    words: null,
    params: {},
    text: text ?? message,
  }));
}

function placeOf(path: string, paths: readonly string[]): Place {
  const [, first = "", second = ""] = path.split("/");
  if (first === "vary" && Number(second) < paths.length) return Number(second);
  if (first === "members" || first === "seeds" || first === "goal" || first === "prune") {
    return first;
  }
  // A problem of a member is told with its place in the document.
  const inside = path.startsWith("/document/") ? path.slice("/document".length) : path;
  const at = paths.findIndex((own) => inside === own || inside.startsWith(`${own}/`));
  return at < 0 ? "whole" : at;
}
