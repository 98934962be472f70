import { Observable } from "../observable";
import type { State } from "../page/state";
import type { Pictures } from "../painting/pictures";
import { isPlane } from "../painting/probes";
import { type Contributions, contributions } from "./contributions";

/** The loss figure that the person points at. */
export type Pointed = "train" | "validation";

/** The page's session, as far as the losses of its samples concern. */
interface Seen {
  readonly state: { readonly value: State };
  readonly pictures: Pick<Pictures, "get">;
}

/** Which loss is asked about, and what its samples add to it. */
export class LossLens {
  readonly pointed = new Observable<Pointed | null>(null);

  constructor(private readonly seen: Seen) {}

  point(pointed: Pointed | null): void {
    this.pointed.set(pointed);
  }

  /** Null while nothing is pointed at, or where the page cannot compute the losses itself. */
  read(): Contributions | null {
    const { plan } = this.seen.state.value;
    const pointed = this.pointed.value;
    if (!pointed || !plan || !isPlane(plan)) return null;
    const samples = this.seen.pictures.get(`samples ${pointed}`);
    return contributions(plan, this.seen.pictures.get("weights"), samples);
  }
}
