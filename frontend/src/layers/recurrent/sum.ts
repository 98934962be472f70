import { arrayOf, type Picture } from "../../wire/frame";
import type { PlannedLayer } from "../../wire/plan";
import { GATES, STATES } from "./bands";

/** One number of a cell: which cell of a stack, which gate or state, which unit at which step. */
export interface CellPlace {
  place: number;
  part: string;
  unit: number;
  step: number;
}

/** `part = formula = formula with numbers = total`. */
export interface CellSum {
  kind: "cell";
  formula: string;
  /** Numbers of the formula, in its order. */
  numbers: number[];
  /** How they are joined: `{0}·{1} + {2}·{3}`. */
  written: string;
  total: number;
}

const NEEDS: Readonly<Record<string, string>> = {
  i: "i = σ(W·x + U·h₋₁)",
  f: "f = σ(W·x + U·h₋₁)",
  o: "o = σ(W·x + U·h₋₁)",
  r: "r = σ(W·x + U·h₋₁)",
  z: "z = σ(W·x + U·h₋₁)",
  g: "g = tanh(W·x + U·h₋₁)",
};

/** How a gate or a state of a cell came to be; null where the service has not told of it. */
export function cellSum(
  layer: Pick<PlannedLayer, "name" | "type" | "fields">,
  at: CellPlace,
  inside: Picture | undefined,
): CellSum | null {
  const seen = reader(layer, at, inside);
  if (!seen) return null;
  const { part } = at;
  if (part === "c") {
    const numbers = [seen.gate("f"), seen.before("c"), seen.gate("i"), seen.gate("g")];
    const [f = 0, c = 0, i = 0, g = 0] = numbers;
    return sum("c = f·c₋₁ + i·g", "{0}·{1} + {2}·{3}", numbers, f * c + i * g);
  }
  if (part === "h") return hiddenSum(layer, seen);
  if (part === "n") return newSum(layer, seen);
  const [x, h] = seen.sums(part);
  const total = part === "g" ? Math.tanh(x + h) : sigmoid(x + h);
  const bend = part === "g" ? "tanh" : "σ";
  return sum(NEEDS[part] ?? part, `${bend}({0} + {1})`, [x, h], total);
}

function hiddenSum(layer: Pick<PlannedLayer, "type" | "fields">, seen: Reader): CellSum {
  if (layer.type === "lstm") {
    const [o, c] = [seen.gate("o"), seen.state("c")];
    return sum("h = o·tanh(c)", "{0}·tanh({1})", [o, c], o * Math.tanh(c));
  }
  if (layer.type === "rnn") {
    const [x, h] = seen.sums("a");
    const relu = layer.fields["activation"] === "relu";
    const total = relu ? Math.max(0, x + h) : Math.tanh(x + h);
    const bend = relu ? "relu" : "tanh";
    return sum(`h = ${bend}(W·x + U·h₋₁)`, `${bend}({0} + {1})`, [x, h], total);
  }
  const [z, n, h] = [seen.gate("z"), seen.gate("n"), seen.before("h")];
  if (layer.fields["update"] === "notes") {
    const total = z * n + (1 - z) * h;
    return sum("h = z·n + (1 − z)·h₋₁", "{0}·{1} + {2}·{3}", [z, n, 1 - z, h], total);
  }
  const total = (1 - z) * n + z * h;
  return sum("h = (1 − z)·n + z·h₋₁", "{0}·{1} + {2}·{3}", [1 - z, n, z, h], total);
}

function newSum(layer: Pick<PlannedLayer, "fields">, seen: Reader): CellSum {
  const [x, h] = seen.sums("n");
  const r = seen.gate("r");
  if (layer.fields["reset"] === "before") {
    return sum("n = tanh(W·x + U·(r·h₋₁))", "tanh({0} + {1})", [x, h], Math.tanh(x + h));
  }
  const total = Math.tanh(x + r * h);
  return sum("n = tanh(W·x + r·(U·h₋₁))", "tanh({0} + {1}·{2})", [x, r, h], total);
}

interface Reader {
  gate(name: string): number;
  state(name: string): number;
  /** The state as the step found it. */
  before(name: string): number;
  /** What input and state gave to a gate. */
  sums(name: string): [input: number, state: number];
}

function reader(
  { name, type, fields }: Pick<PlannedLayer, "name" | "type" | "fields">,
  { place, unit, step }: CellPlace,
  inside: Picture | undefined,
): Reader | null {
  const of = (part: string) => arrayOf(inside, `${name}.${part}`);
  const [gates, sums, states, starts] = [of("gates"), of("sums"), of("states"), of("starts")];
  if (!gates || !sums || !states || !starts) return null;
  const [, count = 1, steps = 1, units = 1] = gates.shape;
  const [, kinds = 1] = states.shape;
  const order = GATES[type] ?? [];
  const backwards = Boolean(fields["bidirectional"]) && place % 2 === 1;
  const earlier = step + (backwards ? 1 : -1);
  const stateAt = (state: string, at: number): number => {
    const which = STATES.indexOf(state);
    if (at < 0 || at >= steps) return starts.values[(place * kinds + which) * units + unit] ?? 0;
    return states.values[((place * kinds + which) * steps + at) * units + unit] ?? 0;
  };
  const sumAt = (from: number, gate: string): number => {
    const row = (place * 2 + from) * count + order.indexOf(gate);
    return sums.values[(row * steps + step) * units + unit] ?? 0;
  };
  return {
    gate: (gate) =>
      gates.values[((place * count + order.indexOf(gate)) * steps + step) * units + unit] ?? 0,
    state: (state) => stateAt(state, step),
    before: (state) => stateAt(state, earlier),
    sums: (gate) => [sumAt(0, gate), sumAt(1, gate)],
  };
}

function sum(formula: string, written: string, numbers: number[], total: number): CellSum {
  return { kind: "cell", formula, written, numbers, total };
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
