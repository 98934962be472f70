import type { Document, Json } from "../wire/plan";

/** A document under the title that it had on the page. */
export interface Kept {
  document: Document;
  title: string;
}

/** How many steps lie on either side of the document on the page. */
export interface Depth {
  undos: number;
  redos: number;
}

// A hand that drags a slider or types sends its next value well within this time.
const SERIES_MS = 800;
const MOST_KEPT = 200;

/** The documents that were on the page, in order; a series of moves at one place is one of them. */
export class History {
  private kept: Kept[] = [];
  private at = -1;
  private series: { place: string; until: number } | null = null;

  /** Takes what is now on the page; `now` is the page's clock in ms. */
  take(page: Kept, now: number): Depth {
    const current = this.kept[this.at];
    if (current === undefined) return this.append(page);
    const place = changedPlace(current.document, page.document);
    if (place === null) return this.depth;
    const goesOn = place === this.series?.place && now < this.series.until;
    this.series = isSeries(place) ? { place, until: now + SERIES_MS } : null;
    if (!goesOn || this.at < 1 || this.at < this.kept.length - 1) return this.append(page);
    this.kept[this.at] = page;
    return this.depth;
  }

  /** What comes next is no part of the series of moves before. */
  rest(): void {
    this.series = null;
  }

  /** Goes back one document, or forth; undefined where there is none. */
  go(by: -1 | 1): Kept | undefined {
    const page = this.kept[this.at + by];
    if (page === undefined) return undefined;
    this.at += by;
    this.rest();
    return page;
  }

  /** Begins anew, with what comes next. */
  forget(): void {
    this.kept = [];
    this.at = -1;
    this.rest();
  }

  get depth(): Depth {
    return { undos: Math.max(0, this.at), redos: this.kept.length - 1 - this.at };
  }

  private append(page: Kept): Depth {
    this.kept = [...this.kept.slice(0, this.at + 1), page].slice(-MOST_KEPT);
    this.at = this.kept.length - 1;
    return this.depth;
  }
}

// Changes at several places are an edit of their own, never a part of a series.
const MANY = "*";

function isSeries(place: string): boolean {
  return place !== MANY;
}

/** The pointer of the one number or word that differs, `*` for more, null for no difference. */
export function changedPlace(before: Json, after: Json, path = ""): string | null {
  if (before === after) return null;
  if (!isBranch(before) || !isBranch(after)) {
    return isBranch(before) || isBranch(after) ? MANY : path;
  }
  if (Array.isArray(before) !== Array.isArray(after)) return MANY;
  const [was, is] = [before as Record<string, Json>, after as Record<string, Json>];
  const keys = new Set([...Object.keys(was), ...Object.keys(is)]);
  const places = new Set<string>();
  for (const key of keys) {
    const [a, b] = [was[key], is[key]];
    // A value that was written for the first time is at its own place from then on.
    const place =
      a === undefined || b === undefined
        ? added(a, b, path, key)
        : changedPlace(a, b, `${path}/${key}`);
    if (place !== null) places.add(place);
  }
  if (places.size > 1) return MANY;
  return [...places][0] ?? null;
}

function added(a: Json | undefined, b: Json | undefined, path: string, key: string): string {
  return isBranch(a ?? null) || isBranch(b ?? null) ? MANY : `${path}/${key}`;
}

function isBranch(value: Json): boolean {
  return value !== null && typeof value === "object";
}
