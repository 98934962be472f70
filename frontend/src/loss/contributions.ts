import { forward } from "../layers/forward";
import { arrayOf, type Picture } from "../wire/frame";
import type { Plan } from "../wire/plan";
import { sampleLoss } from "./loss";

/** A sample of the plane and what it adds to the loss. */
export interface Contribution {
  x: number;
  y: number;
  loss: number;
  /** Of the largest loss of all. */
  share: number;
}

export interface Contributions {
  /** Those with the largest losses, the largest first. */
  largest: Contribution[];
  samples: number;
  mean: number;
  /** What the largest make up together of the sum over all samples. */
  part: number;
}

const MOST = 5;

/** Which samples of a part weigh most; null where the net cannot be computed on the page. */
export function contributions(
  plan: Plan,
  weights: Picture | undefined,
  samples: Picture | undefined,
): Contributions | null {
  const [loss, ...others] = plan.train.losses ?? [];
  const inputs = arrayOf(samples, "inputs")?.values;
  const targets = arrayOf(samples, "targets")?.values;
  if (!loss || others.length || !inputs || !targets?.length) return null;
  const all: Contribution[] = [];
  for (let index = 0; index < targets.length; index++) {
    const [x = 0, y = 0] = [inputs[2 * index], inputs[2 * index + 1]];
    const output = forward(plan, weights, [x, y])?.get(loss.input);
    const classes = plan.data?.classes.length ?? 0;
    const own = output ? sampleLoss(loss, output, targets[index] ?? 0, classes) : null;
    if (own === null) return null;
    all.push({ x, y, loss: loss.weight * own, share: 0 });
  }
  return summed(all);
}

function summed(all: Contribution[]): Contributions {
  const sum = all.reduce((total, { loss }) => total + loss, 0);
  all.sort((a, b) => b.loss - a.loss);
  const most = all[0]?.loss || 1;
  const largest = all.slice(0, MOST).map((each) => ({ ...each, share: each.loss / most }));
  const theirs = largest.reduce((total, { loss }) => total + loss, 0);
  return { largest, samples: all.length, mean: sum / all.length, part: sum ? theirs / sum : 0 };
}
