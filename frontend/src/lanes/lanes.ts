import type { Plan, PlannedLoss, PlannedStep } from "../wire/plan";

/** One network of several, as a plan of its own. */
export interface Lane {
  name: string;
  plan: Plan;
}

/** Every network of a plan of several, in the order of the document; none where there is one. */
export function lanesOf(plan: Plan): Lane[] {
  return Object.keys(plan.networks ?? {}).flatMap((name) => laneOf(plan, name) ?? []);
}

/** One network by its name: its layers, the shape that it reads, the losses on what it gives. */
export function laneOf(plan: Plan, name: string): Lane | null {
  const network = plan.networks?.[name];
  if (!network) return null;
  const { networks: _, ...rest } = plan;
  const own = new Set(network.layers);
  const inputs = Object.fromEntries(
    network.inputs.map((each) => [each, plan.inputs?.[each] ?? []]),
  );
  const [input = []] = Object.values(inputs);
  const losses = (plan.train.steps ?? []).flatMap((step) => lossesOn(step, name, network.output));
  return {
    name,
    plan: {
      ...rest,
      inputs,
      layers: plan.layers.filter((layer) => own.has(layer.name)),
      output: network.output,
      totals: network.totals,
      data: plan.data && { ...plan.data, input, classes: [] },
      train: { ...plan.train, losses },
    },
  };
}

function lossesOn({ calls, losses }: PlannedStep, network: string, output: string): PlannedLoss[] {
  const own = new Set(calls.filter((call) => call.network === network).map(({ name }) => name));
  return losses.filter(({ input }) => own.has(input)).map((loss) => ({ ...loss, input: output }));
}

/** What answers for the data: the plan itself, or of several networks the one that reads them. */
export function answering(plan: Plan): Plan {
  if (!plan.networks) return plan;
  const name = readerOf(plan);
  return (name === null ? null : laneOf(plan, name)?.plan) ?? plan;
}

/** The network that a call gives the data; of one network, and where none reads them, null. */
export function readerOf({ train }: Plan): string | null {
  const calls = (train.steps ?? []).flatMap((step) => step.calls);
  return calls.find((call) => Object.values(call.from).includes("batch"))?.network ?? null;
}

/** The network of several that a layer belongs to. */
export function networkOf(plan: Plan, layer: string): string | null {
  const [first = ""] = layer.split("/");
  return plan.networks && first in plan.networks ? first : null;
}

/** The name under which the first input stands. */
export function inputOf({ inputs }: Plan): string {
  return Object.keys(inputs ?? {})[0] ?? "input";
}
