import { Observable } from "../observable";
import { addressOfDraft } from "../page/address";
import type { Notice, State } from "../page/state";
import { type Api, Refused, Unreachable } from "../wire/api";
import type { SharePublic } from "../wire/types";
import { packDraft } from "./link";

export interface Sheet {
  /** The run whose links are shown; null for a draft. */
  run: string | null;
  /** The link to the document; null while it is packed, or where it is too long. */
  draft: string | null;
  tooLong: boolean;
  /** The open links of the run; null until they are known. */
  links: SharePublic[] | null;
  /** The addresses of the links made here: the service tells each only once. */
  addresses: Record<string, string>;
  notice: Notice | null;
}

type Shared = Pick<State, "run" | "document" | "title">;

/** The sheet from which a draft or a run is handed on; null while it is closed. */
export class ShareSheet {
  readonly state = new Observable<Sheet | null>(null);

  constructor(
    private readonly api: Pick<Api, "shares" | "share" | "unshare">,
    private readonly origin: string,
  ) {}

  async open({ run, document, title }: Shared): Promise<void> {
    const id = run?.id ?? null;
    const before = this.state.value?.addresses ?? {};
    this.state.set({
      run: id,
      draft: null,
      tooLong: false,
      links: null,
      addresses: before,
      notice: null,
    });
    const text = await packDraft({ title, document });
    this.change({ draft: text && addressOfDraft(this.origin, text), tooLong: text === null });
    if (id) await this.guard(async () => this.change({ links: await this.api.shares(id) }));
  }

  close(): void {
    this.state.set(null);
  }

  /** A new link to the run, for so many days; for good where `days` is null. */
  async make(days: number | null): Promise<void> {
    const run = this.state.value?.run;
    if (!run) return;
    await this.guard(async () => {
      const made = await this.api.share(run, days);
      const { links, addresses } = this.state.value ?? {};
      // The person's own way to the service is the one that is known to work.
      const address = this.origin + new URL(made.url).pathname + new URL(made.url).search;
      const url = isLoopback(new URL(made.url).hostname) ? address : made.url;
      this.change({
        links: [...(links ?? []), made],
        addresses: { ...addresses, [made.id]: url },
      });
    });
  }

  async revoke(link: string): Promise<void> {
    const run = this.state.value?.run;
    if (!run) return;
    await this.guard(async () => {
      await this.api.unshare(run, link);
      const links = this.state.value?.links?.filter(({ id }) => id !== link) ?? null;
      this.change({ links });
    });
  }

  /** Whether what is shown opens on this machine alone. */
  get isLocal(): boolean {
    return isLoopback(new URL(this.origin).hostname);
  }

  private change(change: Partial<Sheet>): void {
    this.state.update((sheet) => sheet && { ...sheet, ...change });
  }

  private async guard(act: () => Promise<void>): Promise<void> {
    this.change({ notice: null });
    try {
      await act();
    } catch (reason) {
      if (!(reason instanceof Refused || reason instanceof Unreachable)) throw reason;
      const refused = reason instanceof Refused;
      const text = refused ? reason.message : "";
      this.change({ notice: { text, request: refused ? reason.request : null } });
    }
  }
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || host.startsWith("127.");
}
