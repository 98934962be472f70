import { arrayOf, type Picture } from "../wire/frame";
import type { Plan } from "../wire/plan";

/** A place on the plane of two trainable numbers. */
export type Pair = [number, number];

/** A trainable number: the parameter that holds it, and where in it. */
export interface Trainable {
  parameter: string;
  index: number;
  name: string;
}

const NUMBERS = 2;

/** The trainable numbers of a network that has exactly two; null of any other. */
export function twoOf(plan: Plan | null): [Trainable, Trainable] | null {
  if (!plan || plan.networks || plan.function || plan.totals.parameters > MOST) return null;
  const tensors = plan.layers.flatMap((layer) =>
    (layer.tensors ?? [])
      .filter(({ buffer, trainable = true }) => !buffer && trainable)
      .map(({ name, shape }) => ({ parameter: `${layer.name}.${name}`, shape })),
  );
  // The service has matrices before vectors.
  tensors.sort((a, b) => Number(a.shape.length < 2) - Number(b.shape.length < 2));
  const found = tensors.flatMap(({ parameter, shape }) => {
    const size = shape.reduce((product, side) => product * side, 1);
    return Array.from({ length: size }, (_, index) => ({
      parameter,
      index,
      name: size === 1 ? parameter : `${parameter}[${index}]`,
    }));
  });
  const [first, second] = found;
  return first && second && found.length === NUMBERS ? [first, second] : null;
}

// Those that are not trained count too; beyond these nobody looks for two among them.
const MOST = 10_000;

/** Where a network with these weights stands; null while they have not come. */
export function placeOf(weights: Picture | undefined, two: readonly Trainable[]): Pair | null {
  const [x, y] = two.map(({ parameter, index }) => arrayOf(weights, parameter)?.values[index]);
  return x === undefined || y === undefined ? null : [x, y];
}
