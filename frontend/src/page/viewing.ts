import type { Draft } from "../draft/draft";
import type { Observable } from "../observable";
import { pictureKey, Pictures, sentKey } from "../painting/pictures";
import { wantedProbes } from "../painting/probes";
import { isFinal } from "../run/run";
import type { Timeline } from "../timeline/timeline";
import type { Picture } from "../wire/frame";
import type { Questions } from "../wire/questions";
import type { Stream } from "../wire/stream";
import type { Probe } from "../wire/types";
import type { State } from "./state";

/** Where pictures come from, and what is told of them. */
export interface Sources {
  state: Pick<Observable<State>, "value">;
  questions: Pick<Questions, "inspectRun">;
  draft(): Pick<Draft, "look">;
  stream(): Pick<Stream, "watch" | "acknowledge">;
  timeline(): Pick<Timeline, "look" | "keep">;
  guard(act: () => Promise<void>): void;
}

/** The pictures of what is on the page: which are wanted, whom they are asked of, where they go. */
export class Viewing {
  readonly pictures = new Pictures();
  private framesWaiting = 0;

  constructor(private readonly from: Sources) {}

  get wanted(): Probe[] {
    const looking = this.page;
    return looking.plan ? wantedProbes(looking.plan, looking) : [];
  }

  /** Asks for `probes`; a run that is watched sends all that is wanted of it from now on. */
  ask(probes = this.wanted): void {
    const { plan, document, run } = this.page;
    if (!plan) return;
    this.from.timeline().look();
    if (!run) return this.from.draft().look(document, probes);
    if (isFinal(run.status)) this.inspect(run.id, probes.filter(this.isUnknown));
    else this.from.stream().watch(run.id, this.wanted);
    // Who holds a paused run may have let go of it; then only a question brings its pictures.
    if (run.status === "paused" || run.status === "waiting") this.inspect(run.id, probes);
  }

  /** Makes a change of what is looked at, and asks for what it adds. */
  around(change: () => void): void {
    const before = new Set(this.wanted.map((probe) => JSON.stringify(probe)));
    change();
    const now = this.wanted;
    const added = now.filter((probe) => !before.has(JSON.stringify(probe)));
    if (added.length || now.length < before.size) this.ask(added);
  }

  inspect(run: string, probes: readonly Probe[]): void {
    for (const probe of probes) {
      this.from.guard(async () => {
        const picture = await this.from.questions.inspectRun(run, probe);
        if (this.page.run?.id === run) this.pictures.put(picture, pictureKey(probe));
      });
    }
  }

  putDrafted(picture: Picture, probe: Probe): void {
    const watched = this.page.run !== null && probe.kind !== "samples";
    if (!watched) this.pictures.put(picture, pictureKey(probe));
  }

  putWatched(picture: Picture): void {
    this.framesWaiting += 1;
    if (picture.run !== this.page.run?.id) return this.drawn();
    const key = sentKey(picture);
    this.from.timeline().keep(key, picture);
    this.pictures.put(picture, key);
    // In the past nothing of it is drawn, and the service waits for what is drawn.
    if (this.page.past) this.drawn();
  }

  /** The screen shows all that arrived; the service may send more. */
  drawn(): void {
    if (this.framesWaiting) this.from.stream().acknowledge(this.framesWaiting);
    this.framesWaiting = 0;
  }

  /** What is kept of a run has no gradients: the last ones that were sent stay. */
  private readonly isUnknown = (probe: Probe): boolean =>
    !(probe.kind === "norms" || (probe.kind === "kernels" && probe.of === "gradients")) ||
    this.pictures.get(pictureKey(probe))?.run !== this.page.run?.id;

  private get page(): State {
    return this.from.state.value;
  }
}
