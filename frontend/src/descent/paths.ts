import { valueAt } from "../draft/edits";
import type { Session } from "../page/session";
import type { State } from "../page/state";
import type { Pair as Beside } from "../pair/pair";
import type { Picture } from "../wire/frame";
import { type Setting, settingOf } from "./settings";
import { Trail } from "./trail";
import { type Pair, placeOf, twoOf } from "./two";
import { type Window, windowOf } from "./window";

/** Whose path: of the run on show, of the one beside it, of the one before, or the one before that. */
export type Owner = "own" | "beside" | "before" | "earlier";

export interface Path {
  owner: Owner;
  setting: Setting;
  places: readonly Pair[];
}

interface Known {
  surface: string;
  setting: Setting;
  trail: Trail;
}

interface Shown {
  state: { value: Pick<State, "plan" | "run" | "document"> };
  pictures: { get(key: string): Picture | undefined; readonly stale: boolean };
}

export interface PathsSurroundings {
  session: Pick<Session, "state" | "pictures" | "show"> & {
    attendance: Pick<Session["attendance"], "onLeave">;
  };
  pair: Pick<Beside, "state" | "beside">;
}

const MOST_KNOWN = 12;
const BEFORE: readonly Owner[] = ["before", "earlier"];

/** The ways of runs over the plane of two trainable numbers, from the weights that come of them. */
export class Paths {
  private readonly known = new Map<string, Known>();
  /** Where nets that nobody has trained stand, by surface and seed. */
  private readonly begun = new Map<string, Pair>();
  /** Runs that the page let go of, the last one last. */
  private left: string[] = [];
  private leaveBeside: () => void = () => undefined;
  private watched: unknown = null;

  constructor(private readonly around: PathsSurroundings) {
    const { session, pair } = around;
    session.pictures.onChange(() => this.look());
    session.attendance.onLeave(({ view: { id } }) => {
      if (this.known.has(id)) this.left = [...this.left.filter((each) => each !== id), id];
    });
    pair.state.subscribe(() => this.followBeside());
  }

  /** Those on the surface on show, the one that counts last. */
  get shown(): Path[] {
    const { session, pair } = this.around;
    const { run, document } = session.state.value;
    const surface = surfaceOf(document);
    const [own, beside] = [run?.id, pair.beside?.state.value.run?.id];
    const of = (id: string | undefined, owner: Owner): Path[] => {
      const found = id === undefined ? undefined : this.known.get(id);
      if (found?.surface !== surface) return [];
      return [{ owner, setting: found.setting, places: found.trail.places }];
    };
    const gone = this.left.filter((id) => id !== own && id !== beside).toReversed();
    const before = gone.filter((id) => this.known.get(id)?.surface === surface);
    return [
      ...BEFORE.flatMap((owner, age) => of(before[age], owner)).toReversed(),
      ...of(beside, "beside"),
      ...of(own, "own"),
    ];
  }

  /** Where the run or draft on show stands at the moment on show. */
  get here(): Pair | null {
    return hereOf(this.around.session);
  }

  /** What has to be in sight. */
  get window(): Window {
    const { here } = this;
    return windowOf([...this.shown.flatMap(({ places }) => places), ...(here ? [here] : [])]);
  }

  private look(): void {
    const { session } = this.around;
    this.note(session);
    const { surface, plan } = session.state.value;
    if (!surface || !twoOf(plan)) return;
    const { window } = this;
    if (JSON.stringify(window) !== JSON.stringify(surface)) session.show({ surface: window });
  }

  private followBeside(): void {
    const { beside } = this.around.pair;
    if (beside === this.watched) return;
    this.leaveBeside();
    this.watched = beside;
    this.leaveBeside = beside?.pictures.onChange(() => this.note(beside)) ?? (() => undefined);
  }

  private note(shown: Shown): void {
    const { run, plan, document } = shown.state.value;
    const weights = shown.pictures.get("weights");
    const at = hereOf(shown);
    // Pictures of a draft are those of no run.
    if (!plan || !at || !weights || (weights.run ?? "") !== (run?.id ?? "")) return;
    const surface = surfaceOf(document);
    const draft = `${plan.train.seed} ${surface}`;
    if (!run) return void (shown.pictures.stale || this.begun.set(draft, at));
    let known = this.known.get(run.id);
    if (!known) {
      known = { surface, setting: settingOf(plan), trail: new Trail() };
      const first = this.begun.get(draft);
      // A fork begins where its parent stood.
      if (first && !run.begunAt) known.trail.add(0, first);
      this.known.set(run.id, known);
      this.forget();
    }
    known.trail.add(weights.step, at);
  }

  private forget(): void {
    const [oldest] = this.known.keys();
    if (this.known.size > MOST_KNOWN && oldest !== undefined) this.known.delete(oldest);
  }
}

function hereOf({ state, pictures }: Shown): Pair | null {
  const two = twoOf(state.value.plan);
  return two && placeOf(pictures.get("weights"), two);
}

/** What a surface follows from: runs of equal data, network and losses lie on one. */
function surfaceOf(document: State["document"]): string {
  const parts = [["data"], ["network"], ["train", "losses"]];
  return JSON.stringify(
    parts.map((path) => valueAt(document, path) ?? null),
    inOrder,
  );
}

/** The service may write the fields of a document in another order. */
function inOrder(_: string, value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
