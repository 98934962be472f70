import { Observable } from "../observable";
import { complaintOf } from "../page/complaint";
import type { Notice } from "../page/state";
import type { Catalogue } from "../wire/catalogue";
import type { Document, Plan } from "../wire/plan";
import type { Method, Sweep, SweepsApi } from "../wire/sweeps";
import {
  beginDraft,
  countOf,
  type Entry,
  entryOf,
  goalsOf,
  requestOf,
  type SweepDraft,
} from "./draft";
import { type Fault, faultsOf, placedFaults } from "./faults";
import { firstChoice } from "./suggestions";
import { type Variable, variablesOf } from "./variables";

/** A sweep in the making, and what is wrong with it. */
export interface Making {
  draft: SweepDraft;
  variables: readonly Variable[];
  goals: readonly string[];
  faults: readonly Fault[];
  count: number | null;
  sending: boolean;
  notice: Notice | null;
}

/** What the sheet edits: a draft over one document, from the first suggestion to the request. */
export class Maker {
  readonly view: Observable<Making>;
  private most: number | null = null;

  constructor(
    private readonly document: Document,
    private readonly plan: Plan,
    catalogue: Catalogue | null,
    private readonly sweeps: Pick<SweepsApi, "make" | "most">,
    path: string | null = null,
  ) {
    const variables = variablesOf(document, plan, catalogue);
    const goals = goalsOf(plan);
    const draft = beginDraft(firstChoice(variables, path), goals);
    const count = countOf(draft);
    const calm = { faults: [], sending: false, notice: null };
    this.view = new Observable<Making>({ draft, variables, goals, count, ...calm });
  }

  /** Learns how many members the service allows; without an answer it is the service that says. */
  async learnLimit(): Promise<void> {
    try {
      this.most = await this.sweeps.most();
    } catch (reason) {
      complaintOf(reason);
    }
    this.write({});
  }

  write(change: Partial<SweepDraft>): void {
    const draft = { ...this.view.value.draft, ...change };
    const faults = faultsOf(draft, this.most);
    this.change({ draft, faults, count: countOf(draft), notice: null });
  }

  /** A grid has no ranges, and all others begin with them. */
  search(method: Method): void {
    const { entries } = this.view.value.draft;
    const ranged = method !== "grid";
    this.write({ method, entries: entries.map((entry) => ({ ...entry, ranged })) });
  }

  writeEntry(at: number, change: Partial<Entry>): void {
    const { entries } = this.view.value.draft;
    this.write({
      entries: entries.map((entry, other) => (other === at ? { ...entry, ...change } : entry)),
    });
  }

  /** Varies another field in the place of one. */
  choose(at: number, path: string): void {
    const variable = this.view.value.variables.find((each) => each.path === path);
    if (variable) this.writeEntry(at, this.entry(variable));
  }

  add(): void {
    const { draft, variables } = this.view.value;
    const taken = new Set(draft.entries.map(({ variable }) => variable.path));
    const free = variables.find(({ path }) => !taken.has(path));
    if (free) this.write({ entries: [...draft.entries, this.entry(free)] });
  }

  drop(at: number): void {
    const { entries } = this.view.value.draft;
    this.write({ entries: entries.filter((_, other) => other !== at) });
  }

  /** Asks the service to make it; null where it may not be, and the faults say why. */
  async send(): Promise<Sweep | null> {
    const { draft, sending } = this.view.value;
    const faults = faultsOf(draft, this.most);
    this.change({ faults, notice: null });
    if (faults.length || sending) return null;
    this.change({ sending: true });
    try {
      return await this.sweeps.make(requestOf(draft, this.document, this.plan));
    } catch (reason) {
      const { problems, ...notice } = complaintOf(reason);
      this.change({
        faults: placedFaults(problems, draft.entries),
        notice: problems.length ? null : notice,
      });
      return null;
    } finally {
      this.change({ sending: false });
    }
  }

  private entry(variable: Variable): Entry {
    return { ...entryOf(variable), ranged: this.view.value.draft.method !== "grid" };
  }

  private change(change: Partial<Making>): void {
    this.view.update((view) => ({ ...view, ...change }));
  }
}
