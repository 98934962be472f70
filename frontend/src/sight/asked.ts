import { layersOf, type Sum } from "../layers/sums";
import { cards } from "../layout/cards";
import { Observable } from "../observable";
import type { State } from "../page/state";
import { computes, isPlane } from "../painting/probes";
import type { Picture } from "../wire/frame";
import type { Questions } from "../wire/questions";
import type { Plan } from "../wire/plan";
import type { SumProbe } from "../wire/types";
import { type Clock, systemClock } from "../wire/stream";
import { unitOf } from "./place";

/** The steps to a number of a net whose weights are too many to send. */
export interface Asked {
  sums: readonly Sum[];
  value: number | null;
  /** What stands here belongs to the number that was pointed at before. */
  old: boolean;
  /** The layers of the formula, while its numbers are on their way; empty before and after. */
  skeleton: readonly string[];
}

// So long a wait is not noticed.
const PATIENCE_MS = 80;

export interface AskedSurroundings {
  state: Observable<State>;
  questions: Pick<Questions, "inspect" | "inspectRun">;
  guard(act: () => Promise<void>): Promise<void>;
}

/** Asks for the arithmetic of what is pointed at, one question at a time, the newest next. */
export class AskedSums {
  readonly view = new Observable<Asked | null>(null);
  private wanted = "";
  private underWay = false;
  private forget: () => void = () => undefined;

  constructor(
    private readonly around: AskedSurroundings,
    private readonly clock: Pick<Clock, "after"> = systemClock,
  ) {
    around.state.subscribe((state) => this.follow(state));
  }

  private follow(state: State): void {
    const probe = probeOf(state);
    const name = probe ? JSON.stringify([state.run?.id, momentOf(state), probe]) : "";
    if (name === this.wanted) return;
    this.wanted = name;
    this.forget();
    if (!probe || !state.plan) return this.view.set(null);
    this.view.update((before) => before && { ...before, old: true, skeleton: [] });
    const skeleton = skeletonOf(state.plan, probe.layers);
    this.forget = this.clock.after(PATIENCE_MS, () =>
      this.view.update((before) => ({
        ...(before ?? { sums: [], value: null }),
        ...{ old: true, skeleton },
      })),
    );
    this.ask();
  }

  private ask(): void {
    if (this.underWay) return;
    const state = this.around.state.value;
    const probe = probeOf(state);
    if (!probe) return;
    const asked = this.wanted;
    this.underWay = true;
    void this.around
      .guard(async () => this.take(await this.put(state, probe), asked))
      .finally(() => {
        this.underWay = false;
        if (this.wanted && this.wanted !== asked) this.ask();
      });
  }

  private put({ run, past, document }: State, probe: SumProbe): Promise<Picture> {
    const { questions } = this.around;
    if (!run) return questions.inspect(document, probe);
    return questions.inspectRun(run.id, probe, past?.from);
  }

  private take({ meta }: Picture, asked: string): void {
    if (asked !== this.wanted) return;
    this.forget();
    const sums = (meta["sums"] ?? []) as Sum[];
    this.view.set({ sums, value: Number(meta["value"]), old: false, skeleton: [] });
  }
}

/** The question that the pointed number is worth; null where the page knows the answer itself. */
function probeOf({ plan, spot, sample, own }: State): SumProbe | null {
  if (!plan || !spot || computes(plan) || isPlane(plan)) return null;
  const card = cards(plan).find(({ name }) => name === spot.card);
  const layers = card ? layersOf(plan, card).map(({ name }) => name) : [];
  // What stands on a card as matrices came with the insides of its layer.
  if (!card || !layers.length || card.level === "bands") return null;
  const place = { unit: unitOf(card, spot.index), place: spot.pixel ?? 0 };
  const input = own ? { values: [...own.values] } : sample;
  return { kind: "sum", layers, ...place, sample: input };
}

/** A run that trains is asked anew now and then, not at every step. */
function momentOf({ run, past }: State): number {
  return past?.from ?? (run?.status === "running" ? 0 : (run?.step ?? 0));
}

function skeletonOf(plan: Plan, layers: readonly string[]): string[] {
  const byName = new Map(plan.layers.map((layer) => [layer.name, layer]));
  return layers.flatMap((name) => {
    const layer = byName.get(name);
    const activation = String(layer?.fields["activation"] ?? "identity");
    const first = FORMULAS[layer?.type ?? ""] ?? `${layer?.type ?? ""}(x)`;
    return activation === "identity" ? [first] : [first, `${activation}(x)`];
  });
}

const FORMULAS: Readonly<Record<string, string>> = {
  linear: "Σ w·x + b",
  conv2d: "Σ patch · kernel + b",
  batch_norm: "(x − mean) / √(σ² + ε) · γ + β",
  max_pool2d: "max(x, …)",
  avg_pool2d: "mean(x, …)",
  add: "x₁ + x₂",
};
