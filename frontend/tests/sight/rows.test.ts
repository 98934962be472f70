import { expect, test } from "vitest";

import { rowsOf } from "../../src/sight/rows";
import type { Picture } from "../../src/wire/frame";

function judged(inputs: number[][], words: string[] | null): Picture {
  const array = (name: string, values: number[], shape = [values.length]) => {
    return { name, shape, values: Float32Array.from(values) };
  };
  const each = inputs.map((_, at) => at);
  return {
    run: null,
    probe: "",
    kind: "samples",
    step: 0,
    epoch: 0,
    meta: { words },
    arrays: [
      array("inputs", inputs.flat(), [inputs.length, inputs[0]!.length]),
      ...["indices", "targets", "answers", "losses"].map((name) => array(name, each)),
    ],
  };
}

const WORDS = ["", "?", "the", "soup", "was", "good"];

test("a text stands as its tokens, and what fills it up is counted", () => {
  const [start, end] = rowsOf(
    judged(
      [
        [0, 0, 2, 3, 4, 1],
        [2, 3, 4, 5, 0, 0],
      ],
      WORDS,
    ),
  );
  expect(start).toMatchObject({ cells: ["the", "soup", "was", "?"], before: 2, behind: 0 });
  expect(end).toMatchObject({ cells: ["the", "soup", "was", "good"], before: 0, behind: 2 });
});

test("characters are put together again", () => {
  const codes = ["", ...Array.from({ length: 127 }, (_, at) => String.fromCharCode(at + 1))];
  const [row] = rowsOf(judged([[104, 105, 0]], codes));
  expect(row).toMatchObject({ cells: ["hi"], behind: 1 });
});

test("plain numbers are written as in a sum", () => {
  expect(rowsOf(judged([[0.5, -1]], null))[0]).toMatchObject({ cells: ["0.50", "−1.00"] });
});
