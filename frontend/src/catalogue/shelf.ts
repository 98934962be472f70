import { Observable } from "../observable";
import { Refused, Unreachable } from "../wire/api";
import type { Catalogue } from "./catalogue";

/** Holds the catalogue once somebody wanted it; a failed fetch is tried at the next wish. */
export class Shelf {
  readonly catalogue = new Observable<Catalogue | null>(null);
  private underWay = false;

  constructor(private readonly fetch: () => Promise<Catalogue>) {}

  async want(): Promise<void> {
    if (this.catalogue.value || this.underWay) return;
    this.underWay = true;
    try {
      this.catalogue.set(await this.fetch());
    } catch (reason) {
      if (!(reason instanceof Refused || reason instanceof Unreachable)) throw reason;
    } finally {
      this.underWay = false;
    }
  }
}
