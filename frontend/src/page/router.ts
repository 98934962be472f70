import { readAddress, type Place } from "./address";
import type { Session } from "./session";

/** Ties the address bar to the session, in both directions. */
export class Router {
  private session: Session | null = null;

  constructor(private readonly window: Window) {}

  start(session: Session): void {
    this.session = session;
    this.window.addEventListener("popstate", () => void this.read());
    void this.begin(session);
  }

  /** Goes to an address as if it had been opened. */
  visit(address: string): void {
    this.show(address);
    void this.read();
  }

  /** Writes the address of what is already on the page. */
  show(address: string): void {
    if (this.window.location.pathname !== address) this.window.history.pushState(null, "", address);
  }

  private async begin(session: Session): Promise<void> {
    const place = this.place();
    if (place.page === "launch" && !(await this.launch(session, place.code))) return;
    await session.listPresets();
    await this.read();
  }

  private async launch(session: Session, code: string): Promise<boolean> {
    const signedIn = await session.launch(code);
    if (signedIn) this.window.history.replaceState(null, "", "/");
    return signedIn;
  }

  private async read(): Promise<void> {
    const session = this.session;
    const place = this.place();
    if (!session || place.page === "launch") return;
    session.show({ page: place.page });
    if (place.page === "runs") await session.listRuns();
    else if (place.run) await session.follow(place.run);
    else session.openFirst();
  }

  private place(): Place {
    return readAddress(this.window.location.pathname, this.window.location.hash);
  }
}
