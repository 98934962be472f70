import type { KeptDraft } from "../draft/kept";
import type { RunList } from "../runs/list";
import type { Guest } from "../share/guest";
import { unpackDraft } from "../share/link";
import { readView, writeView } from "../share/view";
import { readAddress, type Place } from "./address";
import type { Session } from "./session";
import type { State } from "./state";

/** What an address can lead to, and what was kept for it. */
export interface Destinations {
  session: Session;
  runs: RunList;
  guest: Guest;
  kept: KeptDraft;
}

/** Ties the address bar to the page, in both directions. */
export class Router {
  private to: Destinations | null = null;
  private reading = true;

  constructor(private readonly window: Window) {}

  start(to: Destinations): void {
    this.to = to;
    this.window.addEventListener("popstate", () => void this.read());
    void this.begin(to);
  }

  /** Goes to an address as if it had been opened. */
  visit(address: string): void {
    this.show(address);
    void this.read();
  }

  /** Writes the address of what is already on the page. */
  show(address: string): void {
    const { pathname, search, hash } = this.window.location;
    const here = (address.includes("?") ? pathname + search : pathname) + hash;
    if (here !== address) this.window.history.pushState(null, "", address);
  }

  /** Says in the address how the page is looked at, without a step for the Back button. */
  mirror(state: State): void {
    if (this.reading || state.page !== "play" || state.lost) return;
    const query = writeView(state);
    const secret = this.to?.guest.secret.value;
    if (secret && state.run) query.set("share", secret);
    const { pathname, search, hash } = this.window.location;
    const text = query.size ? `?${query.toString()}` : "";
    if (text !== search) this.window.history.replaceState(null, "", pathname + text + hash);
  }

  private async begin(to: Destinations): Promise<void> {
    const place = this.place();
    if (place.page === "launch" && !(await this.launch(to.session, place.code))) return;
    // The rest waits for the service, and whoever presses something meanwhile is not undone.
    const query = new URLSearchParams(this.window.location.search);
    to.session.show(readView(query));
    await to.session.listPresets();
    const kept = to.kept.read();
    if (kept) to.session.show(kept);
    await this.lead(query);
  }

  private async launch(session: Session, code: string): Promise<boolean> {
    const signedIn = await session.launch(code);
    if (signedIn) this.window.history.replaceState(null, "", "/");
    return signedIn;
  }

  private async read(): Promise<void> {
    const query = new URLSearchParams(this.window.location.search);
    await this.lead(query, readView(query));
  }

  /** Shows what the address stands for. */
  private async lead(query: URLSearchParams, view: Partial<State> = {}): Promise<void> {
    const place = this.place();
    if (!this.to || place.page === "launch") return;
    const { session, runs, guest } = this.to;
    this.reading = true;
    if (place.page === "runs") {
      session.show({ page: "runs", lost: null });
      await runs.open(query);
    } else if (place.page === "sweeps") {
      runs.close();
      session.show({ page: "sweeps", sweep: place.sweep, lost: null });
    } else {
      runs.close();
      guest[place.page === "play" && place.run ? "enter" : "leave"](query);
      const isGuest = guest.secret.value !== null;
      session.show({ page: "play", lost: null, guest: isGuest, ...view });
      await this.readPlay(session, place);
      // A net that comes on show is pointed at nowhere; the address says where.
      const { sample, opened } = readView(query);
      if (!session.state.value.lost) session.show({ sample, opened });
    }
    this.reading = false;
    this.mirror(session.state.value);
  }

  private async readPlay(session: Session, place: Place): Promise<void> {
    if (place.page === "spec") await this.readDraft(session, place.text);
    else if (place.page === "play" && place.run) await session.follow(place.run);
    else session.openFirst();
  }

  /** A linked draft is shown and never started; from here on it is the reader's own. */
  private async readDraft(session: Session, text: string): Promise<void> {
    const draft = await unpackDraft(text);
    if (typeof draft === "string") return session.show({ lost: { why: "link", fault: draft } });
    const { pathname, search } = this.window.location;
    this.window.history.replaceState(null, "", pathname + search);
    session.open(draft.document, draft.title);
  }

  private place(): Place {
    return readAddress(this.window.location.pathname, this.window.location.hash);
  }
}
