import { describe, expect, it } from "vitest";

import { hasWeights, withWeights } from "../../src/draft/weights";
import { INITIAL, type State } from "../../src/page/state";
import type { Document } from "../../src/wire/plan";

const RUN = `run_${"0".repeat(32)}`;

function shown(document: Document, step: number, from?: number): State {
  const run = { id: RUN, step } as State["run"];
  const past = from === undefined ? null : ({ from } as State["past"]);
  return { ...INITIAL, document, run, past };
}

describe("a draft that starts from weights", () => {
  const layers = [{ type: "linear", units: 3 }];

  it("names the run, and the step when a past moment is on show", () => {
    const document = { spec: "nn/1", network: { layers } };
    expect(withWeights(shown(document, 40))).toEqual({
      spec: "nn/1",
      network: { init: { from: { run: RUN } }, layers },
    });
    const past = withWeights(shown(document, 40, 16));
    expect(past["network"]).toEqual({ init: { from: { run: RUN, checkpoint: 16 } }, layers });
  });

  it("puts another source in the place of one that was there", () => {
    const old = { from: { weights: "a".repeat(64), without: ["head"] } };
    const found = withWeights(shown({ network: { init: old, layers } }, 40));
    expect(found["network"]).toEqual({ init: { from: { run: RUN } }, layers });
  });

  it("begins every one of several networks with its own", () => {
    const found = withWeights(shown({ networks: { g: { layers }, d: { layers } } }, 40));
    const init = { from: { run: RUN } };
    expect(found["networks"]).toEqual({ g: { init, layers }, d: { init, layers } });
  });

  it("is not offered of a draft, of step 0, or of a plain function", () => {
    const document = { network: { layers } };
    expect(hasWeights({ ...INITIAL, document })).toBe(false);
    expect(hasWeights(shown(document, 0))).toBe(false);
    expect(hasWeights(shown({ function: { expression: "x**2" } }, 5))).toBe(false);
    expect(hasWeights(shown(document, 1))).toBe(true);
  });
});
