import type { Plan } from "../../src/wire/plan";
import { layer, planOf } from "../layout/plans";

const totals = { parameters: 0, multiply_adds: 0 };
const loss = { type: "binary_cross_entropy", weight: 1 };

/** G from two normal numbers to a point, D from a point to a logit. */
export const GAN: Plan = {
  ...planOf(
    [2],
    ["0", "1", "2"],
    [
      layer("linear", "g/linear_1", "g/input", [8], { activation: "relu" }),
      layer("linear", "g/linear_2", "g/linear_1", [2]),
      layer("linear", "d/linear_1", "d/input", [32], { activation: "relu" }),
      layer("linear", "d/linear_2", "d/linear_1", [1]),
    ],
  ),
  inputs: { "g/input": [2], "d/input": [2] },
  output: "g/linear_2",
  networks: {
    g: { inputs: ["g/input"], layers: ["g/linear_1", "g/linear_2"], output: "g/linear_2", totals },
    d: { inputs: ["d/input"], layers: ["d/linear_1", "d/linear_2"], output: "d/linear_2", totals },
  },
  train: {
    epochs: 1,
    batch_size: 1,
    optimizer: {},
    l1: 0,
    l2: 0,
    seed: 0,
    steps: [
      {
        name: "d",
        update: ["d"],
        calls: [
          { name: "fake", network: "g", from: { input: "noise" }, detach: true },
          { name: "real_score", network: "d", from: { input: "batch" }, detach: false },
          { name: "fake_score", network: "d", from: { input: "fake" }, detach: false },
        ],
        losses: [
          { ...loss, input: "real_score", target: "ones" },
          { ...loss, input: "fake_score", target: "zeros" },
        ],
      },
      {
        name: "g",
        update: ["g"],
        calls: [
          { name: "fake", network: "g", from: { input: "noise" }, detach: false },
          { name: "score", network: "d", from: { input: "fake" }, detach: false },
        ],
        losses: [{ ...loss, input: "score", target: "ones" }],
      },
    ],
  },
};
