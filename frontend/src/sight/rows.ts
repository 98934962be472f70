import { formatTerm } from "../numbers/format";
import { arrayOf, type Picture } from "../wire/frame";
import { type Judged, judgedOf } from "./grid";

/** A sample that is no picture, as a line of a table. */
export interface Row extends Judged {
  /** The tokens of a text, or its numbers as they are written. */
  cells: string[];
  /** How many places before and behind the text are filled up with nothing. */
  before: number;
  behind: number;
}

/** What the numbers of a text stand for; null where inputs are plain numbers. */
export function wordsOf(picture: Picture | undefined): readonly string[] | null {
  const words = picture?.meta["words"];
  return Array.isArray(words) ? (words as string[]) : null;
}

/** The samples of a judged picture as lines, in its own order. */
export function rowsOf(picture: Picture | undefined): Row[] {
  const inputs = arrayOf(picture, "inputs");
  const words = wordsOf(picture);
  const [count = 0, width = 0] = inputs?.shape ?? [];
  if (!inputs || inputs.shape.length !== 2 || !count) return [];
  return judgedOf(picture).map((judged, at) => {
    const values = [...inputs.values.subarray(at * width, (at + 1) * width)];
    return { ...judged, ...(words ? textOf(values, words) : numbersOf(values)) };
  });
}

function numbersOf(values: readonly number[]): Pick<Row, "cells" | "before" | "behind"> {
  return { cells: values.map(formatTerm), before: 0, behind: 0 };
}

/** Characters follow each other without a gap, so they are one cell; words are one each. */
function textOf(
  values: readonly number[],
  words: readonly string[],
): Pick<Row, "cells" | "before" | "behind"> {
  const first = values.findIndex((value) => value !== 0);
  const last = values.findLastIndex((value) => value !== 0);
  if (first < 0) return { cells: [], before: values.length, behind: 0 };
  const told = values.slice(first, last + 1).map((value) => words[value] ?? "?");
  const single = words.slice(2).every((word) => word.length <= 1);
  return {
    cells: single ? [told.join("")] : told,
    before: first,
    behind: values.length - 1 - last,
  };
}
