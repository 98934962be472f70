import type { Document, Json, Plan } from "../wire/plan";
import type { Prune } from "../wire/types";
import type { Goal, Method, SweepCreate, Vary } from "../wire/sweeps";
import { explicit } from "./explicit";
import { readList, readNumber, writeList } from "./numbers";
import { suggestionsFor } from "./suggestions";
import type { Variable } from "./variables";

export const METHODS: readonly Method[] = ["grid", "random", "tpe", "cmaes", "qmc"];
export const RULES = ["none", "median", "halving"] as const;
export type Rule = (typeof RULES)[number];

/** One field that is varied, as a person writes it: the texts stay as they are typed. */
export interface Entry {
  variable: Variable;
  /** A range in place of a list; a grid has lists alone. */
  ranged: boolean;
  list: string;
  chosen: readonly string[];
  low: string;
  high: string;
  log: boolean;
}

/** A sweep that is being made. */
export interface SweepDraft {
  entries: readonly Entry[];
  method: Method;
  members: string;
  seeds: string;
  goal: string;
  rule: Rule;
  after: string;
}

const FIRST_MEMBERS = 32;
const FIRST_AFTER = 10;

export function beginDraft(variables: readonly Variable[], goals: readonly string[]): SweepDraft {
  return {
    entries: variables.map(entryOf),
    method: "grid",
    members: String(FIRST_MEMBERS),
    seeds: "1",
    goal: goals[0] ?? "train_eval/loss",
    rule: "none",
    after: String(FIRST_AFTER),
  };
}

/** A field with values around what holds now. */
export function entryOf(variable: Variable): Entry {
  const values = suggestionsFor(variable);
  const numbers = values.map(Number);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  return {
    variable,
    ranged: false,
    list: variable.options ? "" : writeList(values),
    chosen: variable.options ? values.map(String) : [],
    low: variable.options ? "" : String(low),
    high: variable.options ? "" : String(high),
    log: low > 0 && high / low >= 10,
  };
}

/** Whether the ends of a range are what counts of an entry. */
export function isRanged({ ranged, variable }: Entry, method: Method): boolean {
  return ranged && variable.options === null && method !== "grid";
}

export function valuesOf({ variable, list, chosen }: Entry): Json[] {
  if (variable.boolean) return chosen.map((each) => each === "true");
  return variable.options ? [...chosen] : (readList(list) ?? []);
}

/** How many nets a draft makes; null while it cannot be told. */
export function countOf(draft: SweepDraft): number | null {
  const seeds = readNumber(draft.seeds);
  const settings =
    draft.method === "grid"
      ? draft.entries.reduce((product, entry) => product * valuesOf(entry).length, 1)
      : readNumber(draft.members);
  const count = settings * seeds;
  return Number.isInteger(count) && count > 0 ? count : null;
}

/** The series that may be the goal of a document, the best to be had first. */
export function goalsOf({ data, networks, train }: Plan): string[] {
  if (networks) return (train.steps ?? []).map(({ name }) => `train/${name}/loss`);
  const held = (data?.sizes["validation"] ?? 0) > 0 ? ["validation", "train_eval"] : ["train_eval"];
  return held.flatMap((part) =>
    data?.task === "classification" && part === "validation"
      ? [`${part}/loss`, `${part}/accuracy`]
      : [`${part}/loss`],
  );
}

export function directionOf(series: string): Goal["direction"] {
  return /loss$|error$/.test(series) ? "minimize" : "maximize";
}

/** What is sent to the service. */
export function requestOf(draft: SweepDraft, document: Document, plan: Plan): SweepCreate {
  const { method, entries, goal: series } = draft;
  const variables = entries.map(({ variable }) => variable);
  const goal: Goal = { series, direction: directionOf(series), take: "best" };
  const body: SweepCreate = {
    document: explicit(document, plan, variables),
    method,
    vary: entries.map((entry) => varyOf(entry, method)),
    seeds: readNumber(draft.seeds),
    goal,
    prune: pruneOf(draft),
  };
  return method === "grid" ? body : { ...body, members: readNumber(draft.members) };
}

function varyOf(entry: Entry, method: Method): Vary {
  const { path } = entry.variable;
  if (!isRanged(entry, method)) return { path, values: valuesOf(entry) };
  return { path, low: readNumber(entry.low), high: readNumber(entry.high), log: entry.log };
}

function pruneOf({ rule, after }: SweepDraft): Prune | null {
  if (rule === "none") return null;
  const epochs = readNumber(after);
  return { rule, after: epochs, every: epochs };
}
