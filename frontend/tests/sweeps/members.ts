import type { Member, Sweep } from "../../src/wire/sweeps";

/** A member of a sweep of rate × units, as the service tells it. */
export function member(index: number, change: Partial<Member> = {}): Member {
  return {
    run: `run_${index}`,
    index,
    setting: index,
    seed: 0,
    values: {
      "/train/optimizer/learning_rate": [0.01, 0.1, 1][index % 3] as number,
      "/network/layers/0/units": [2, 4][Math.floor(index / 3) % 2] as number,
    },
    status: "running",
    reason: null,
    goal: null,
    step: 10,
    epoch: 1,
    parameters: 20,
    ...change,
  };
}

export const SWEEP: Sweep = {
  id: "sweep_01",
  name: "spiral",
  document: {
    network: { layers: [{ type: "linear", units: 4, activation: "tanh" }, "linear"] },
    train: { optimizer: { type: "adam", learning_rate: 0.01 } },
  },
  method: "grid",
  vary: [
    { path: "/train/optimizer/learning_rate", values: [0.01, 0.1, 1] },
    { path: "/network/layers/0/units", values: [2, 4] },
  ],
  members: 6,
  seeds: 1,
  goal: { series: "validation/loss", direction: "minimize", take: "best" },
  prune: null,
  status: "running",
  created_at: "2026-05-03T10:00:00Z",
  finished_at: null,
  counts: { running: 6 },
  best: null,
  refused: [],
  tags: [],
} as unknown as Sweep;
