import type { Plan, PlannedLayer } from "../wire/plan";
import type { Card } from "./cards";

/** A composite that stands as one slab, or a layer of a deep net. */
export interface Fold {
  /** The composite's path; null for a layer of its own. */
  path: string | null;
  title: string;
  /** How many cards it holds. */
  cards: number;
  /** Shortcuts that end in it. */
  shortcuts: number;
  /** Shares of the channels that its branches give, first to last. */
  stripes: number[];
}

// More cards than these cannot be read side by side.
const MOST_CARDS = 24;
const MOST_CARDS_WITHOUT_DATA = 10;
// More blocks than these stand as one slab for each series of them.
const MOST_SLABS = 120;

/** Whether a net is drawn as slabs: a deep one, or one whose cards have nothing to show. */
export function isDeep(plan: Plan, all: readonly Card[]): boolean {
  if (plan.networks || plan.function) return false;
  return all.length > (plan.data ? MOST_CARDS : MOST_CARDS_WITHOUT_DATA);
}

/** Cards of a deep net: its composites folded but for those that are opened. */
export function folded(all: readonly Card[], opened: readonly string[]): Card[] {
  const series = seriesOf(all);
  const open = new Set(opened);
  const blocks = gather(all, (name) => foldOf(name, series, open, false));
  const slabs = blocks.length > MOST_SLABS;
  return slabs ? gather(all, (name) => foldOf(name, series, open, true)) : blocks;
}

/** Composites whose numbered parts follow each other: what `repeat` and stacks come to. */
function seriesOf(all: readonly Card[]): Set<string> {
  const series = new Set<string>();
  for (const { name, from } of all) {
    for (const source of from) {
      const path = fork(source.split("/"), name.split("/"));
      if (path) series.add(path);
    }
  }
  return series;
}

/** What two names have in common where they go on with different numbers. */
function fork(a: readonly string[], b: readonly string[]): string | null {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const numbered = /^\d+$/.test(a[at] ?? "") && /^\d+$/.test(b[at] ?? "");
  return at > 0 && numbered ? a.slice(0, at).join("/") : null;
}

/** The outermost composite around a card that is closed; null where none is. */
function foldOf(
  name: string,
  series: ReadonlySet<string>,
  open: ReadonlySet<string>,
  whole: boolean,
): string | null {
  const parts = name.split("/");
  for (let depth = 1; depth < parts.length; depth++) {
    const path = parts.slice(0, depth).join("/");
    if (!open.has(path) && (whole || !series.has(path))) return path;
  }
  return null;
}

/** One card for all that fold to one path, where there are several of them. */
function gather(all: readonly Card[], pathOf: (name: string) => string | null): Card[] {
  const groups = new Map<string, Card[]>();
  for (const card of all) {
    const path = pathOf(card.name) ?? card.name;
    const group = groups.get(path);
    if (group) group.push(card);
    else groups.set(path, [card]);
  }
  const home = new Map<string, string>();
  for (const [path, own] of groups) {
    for (const { name } of own) home.set(name, own.length > 1 ? path : name);
  }
  return [...groups].map(([path, own]) => slabOf(path, own, home));
}

function slabOf(path: string, own: readonly Card[], home: ReadonlyMap<string, string>): Card {
  const first = own[0] as Card;
  const last = own.at(-1) as Card;
  const single = own.length === 1;
  const name = single ? first.name : path;
  const outer = own.flatMap(({ from }) => from.map((source) => home.get(source) ?? source));
  const parts = own.flatMap((card) => card.parts);
  return {
    ...last,
    name,
    type: single ? first.type : "block",
    level: "slab",
    chips: single ? first.chips : [],
    parameters: own.reduce((sum, card) => sum + card.parameters, 0),
    from: [...new Set(outer)].filter((source) => source !== name),
    source: first.source,
    parts,
    bands: [],
    off: [],
    fold: {
      path: single ? null : path,
      title: single ? "" : titleOf(path, first.source) + timesOf(path, own),
      cards: own.length,
      shortcuts: own.filter(({ type }) => type === "add").length,
      stripes: stripesOf(last.parts[0], parts),
    },
  };
}

/** What a person called it: the block of the document, else the last word of its path. */
function titleOf(path: string, source: string): string {
  const used = /^\/blocks\/([^/]+)\//.exec(source)?.[1];
  const names = path.split("/").filter((part) => !/^\d+$/.test(part));
  const plain = (names.at(-1) ?? path).replace(/_\d+$/, "");
  return used && ["block", "repeat"].includes(plain) ? used : (names.at(-1) ?? path);
}

/** How often a whole series repeats its body. */
function timesOf(path: string, own: readonly Card[]): string {
  const at = path.split("/").length;
  const numbers = new Set(own.map(({ name }) => name.split("/")[at] ?? ""));
  const numbered = [...numbers].every((number) => /^\d+$/.test(number));
  return numbered && numbers.size > 1 ? ` ×${numbers.size}` : "";
}

function stripesOf(last: PlannedLayer | undefined, parts: readonly PlannedLayer[]): number[] {
  if (last?.type !== "concat") return [];
  const channels = last.inputs.map((input) => {
    return parts.find(({ name }) => name === input)?.output[0] ?? 0;
  });
  const all = channels.reduce((sum, count) => sum + count, 0);
  return all ? channels.map((count) => count / all) : [];
}
