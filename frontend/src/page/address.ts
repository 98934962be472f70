/** What an address of the page stands for. */
export type Place =
  | { page: "play"; run: string | null }
  | { page: "spec"; text: string }
  | { page: "runs" }
  | { page: "sweeps"; sweep: string | null }
  | { page: "launch"; code: string };

export function readAddress(path: string, hash: string): Place {
  if (path === "/launch") return { page: "launch", code: decodeURIComponent(hash.slice(1)) };
  if (path === "/runs" || path === "/runs/") return { page: "runs" };
  const sweep = /^\/sweeps(?:\/(sweep_[0-9a-f]+))?\/?$/.exec(path);
  if (sweep) return { page: "sweeps", sweep: sweep[1] ?? null };
  const run = /^\/runs\/([A-Za-z0-9_-]+)\/?$/.exec(path)?.[1];
  if (!run && hash.startsWith(SPEC)) return { page: "spec", text: hash.slice(SPEC.length) };
  return { page: "play", run: run ?? null };
}

export function addressOf(run: string | null): string {
  return run === null ? "/" : `/runs/${run}`;
}

/** The link to a draft that was packed into a text. */
export function addressOfDraft(origin: string, text: string): string {
  return `${origin}/${SPEC}${text}`;
}

const SPEC = "#s=";
