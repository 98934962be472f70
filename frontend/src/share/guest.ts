import { Observable } from "../observable";

/** The secret of the link by which the page reads a run; null for whoever is signed in. */
export class Guest {
  readonly secret = new Observable<string | null>(null);

  /** Takes the secret of an address that leads to a run. */
  enter(query: URLSearchParams): void {
    this.secret.set(query.get("share") || null);
  }

  leave(): void {
    this.secret.set(null);
  }

  /** A path of a run with the secret that opens it. */
  open(path: string): string {
    const { value } = this.secret;
    if (value === null) return path;
    return `${path}${path.includes("?") ? "&" : "?"}share=${encodeURIComponent(value)}`;
  }
}
