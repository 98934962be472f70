import { expect, test } from "vitest";

import { remedyOf } from "../../src/actions/remedies";
import { INITIAL, type State } from "../../src/page/state";
import type { RunView } from "../../src/run/run";
import { drafted } from "../draft/plans";

const net = drafted(
  [2],
  [
    { type: "linear", units: 8, activation: "relu" },
    { type: "linear", units: 4 },
    "relu",
    "linear",
  ],
  [[8], [4], [4], [1]],
);
const run = { id: "run_a", status: "running", step: 90, changes: { learning_rate: 3 } } as RunView;
const state: State = { ...INITIAL, ...net, run };

function verdict(code: string, params: Record<string, unknown> = {}) {
  return { code: `verdict.${code}`, params, step: 66 };
}

test("dead units are revived by leaky ReLU in place of every ReLU, with a tenth of the rate", () => {
  const remedy = remedyOf(state, verdict("dead", { layer: "linear_1" }));
  expect(remedy?.step).toBe(90);
  expect(remedy?.document).toMatchObject({
    network: {
      layers: [
        { type: "linear", units: 8, activation: "leaky_relu" },
        { type: "linear", units: 4 },
        { type: "leaky_relu" },
        "linear",
      ],
    },
    train: { optimizer: { learning_rate: 0.3 } },
  });
});

test("overfitting is met by L2, from where it was best", () => {
  const remedy = remedyOf(state, verdict("overfit", { since: 40 }));
  expect(remedy).toMatchObject({ step: 40, document: { train: { l2: 0.001 } } });
  const more = { ...state, run: { ...run, changes: { l2: 0.003 } } };
  const stronger = remedyOf(more, verdict("overfit", { since: 40 }));
  expect(stronger).toMatchObject({ document: { train: { l2: 0.03 } } });
});

test("a rate that swings goes on with less; where the loss has climbed away, it begins anew", () => {
  const less = { train: { optimizer: { learning_rate: 0.3 } } };
  expect(remedyOf(state, verdict("rate_swings"))).toMatchObject({ step: 90, document: less });
  expect(remedyOf(state, verdict("rate_climbs"))).toMatchObject({ step: null, document: less });
});

test("where the page knows no cure it offers none", () => {
  expect(remedyOf(state, verdict("forgets"))).toBeNull();
  expect(remedyOf({ ...state, run: null }, verdict("dead"))).toBeNull();
});
