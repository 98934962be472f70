import type { PlannedLoss } from "../wire/plan";

/** The loss of one sample from the outputs of the net's last layer; null for one unknown here. */
export function sampleLoss(
  loss: PlannedLoss,
  output: ArrayLike<number>,
  target: number,
  classes: number,
): number | null {
  if (loss.type === "binary_cross_entropy")
    return softplus(output[0] ?? 0) - target * (output[0] ?? 0);
  if (loss.type === "cross_entropy") return logSum(output) - (output[target] ?? 0);
  const measure = MEASURES[loss.type];
  if (!measure) return null;
  const errors = Array.from(
    output,
    (value, unit) => value - wanted(target, unit, output.length, classes),
  );
  const sum = errors.reduce((sum, error) => sum + measure(Math.abs(error), loss), 0);
  return sum / Math.max(1, errors.length);
}

/** What an error of a size costs. */
const MEASURES: Readonly<Record<string, (size: number, loss: PlannedLoss) => number>> = {
  mse: (size, loss) => (loss["half"] === true ? 0.5 : 1) * size ** 2,
  mae: (size) => size,
  huber(size, loss) {
    const delta = Number(loss["delta"] ?? 1);
    return size <= delta ? size ** 2 / 2 : delta * (size - delta / 2);
  },
};

/** What squared error wants of a unit: −1 or +1 of a single one, else 1 of the class's own. */
function wanted(target: number, unit: number, units: number, classes: number): number {
  if (classes === 0) return target;
  if (units === 1) return 2 * target - 1;
  return unit === target ? 1 : 0;
}

/** log(1 + eᶻ), which does not overflow. */
function softplus(z: number): number {
  return Math.max(0, z) + Math.log1p(Math.exp(-Math.abs(z)));
}

function logSum(scores: ArrayLike<number>): number {
  const all = Array.from(scores);
  const peak = Math.max(...all);
  return peak + Math.log(all.reduce((sum, score) => sum + Math.exp(score - peak), 0));
}

/** How a loss is written for one sample, with ŷ or the scores z of the net and the target y. */
export function formulaOf(loss: PlannedLoss): string {
  const written = FORMULAS[loss.type] ?? loss.type;
  return loss["half"] === true ? `½ ${written}` : written;
}

const FORMULAS: Readonly<Record<string, string>> = {
  binary_cross_entropy: "−y·ln σ(z) − (1 − y)·ln(1 − σ(z))",
  cross_entropy: "−ln( exp z[y] / Σₖ exp z[k] )",
  mse: "(ŷ − y)²",
  mae: "|ŷ − y|",
  huber: "½ (ŷ − y)², |ŷ − y| ≤ δ",
  hinge: "max(0, 1 − y·z)",
};
