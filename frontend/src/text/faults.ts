import type { Problem } from "../wire/plan";
import { join } from "./pointer";
import type { Reading, Span } from "./reading";

/** A problem with its place in a text. */
export interface Fault {
  problem: Problem;
  span: Span;
  /** Counted from 1. */
  line: number;
}

/** What is wrong with the key itself, not with its value. */
const OF_KEY: ReadonlySet<string> = new Set(
  "field.unknown field.elsewhere field.not_available block.argument_unknown".split(" "),
);

/** Where each problem of a document stands in its text, in the order of the text. */
export function faultsOf(problems: readonly Problem[], reading: Reading): Fault[] {
  return problems
    .map((problem) => {
      const span = spanOf(problem, reading);
      return { problem, span, line: reading.lineOf(span[0]) };
    })
    .sort((one, other) => one.span[0] - other.span[0]);
}

function spanOf(problem: Problem, reading: Reading): Span {
  const at = problem.params["at"];
  if (typeof at === "number") return wordAt(reading.text, at);
  // A refused run names its document; the text is that document.
  const path = (problem.path ?? "").replace(/^\/document(?=\/|$)/, "");
  const { key, value } = reading.place(path);
  if (key && OF_KEY.has(problem.code)) return key;
  const type = reading.places.get(join(path, "type"));
  const span = type && spans(reading.text, value) ? type.value : value;
  return span[0] === span[1] ? (key ?? wordAt(reading.text, span[0])) : span;
}

/** Whether a value goes on over several lines: then its type stands for it. */
function spans(text: string, [from, to]: Span): boolean {
  return text.slice(from, to).includes("\n");
}

/** At least one sign of the line, so that there is something to underline. */
function wordAt(text: string, at: number): Span {
  const word = /^[^\s,\]}]+/.exec(text.slice(at))?.[0] ?? "";
  if (word) return [at, at + word.length];
  const end = text[at] === "\n" ? at : Math.min(text.length, at + 1);
  return [Math.max(0, at - 1), end];
}
