/** What an address of the page stands for. */
export type Place =
  { page: "play"; run: string | null } | { page: "runs" } | { page: "launch"; code: string };

export function readAddress(path: string, hash: string): Place {
  if (path === "/launch") return { page: "launch", code: decodeURIComponent(hash.slice(1)) };
  if (path === "/runs" || path === "/runs/") return { page: "runs" };
  const run = /^\/runs\/([A-Za-z0-9_-]+)\/?$/.exec(path)?.[1];
  return { page: "play", run: run ?? null };
}

export function addressOf(run: string | null): string {
  return run === null ? "/" : `/runs/${run}`;
}
