import { asEntry } from "../draft/names";
import { formatCount, formatRate, formatShare } from "../numbers/format";
import { SETS } from "../points/sets";
import { type Change, differences } from "../runs/difference";
import type { Document, Json, Preset, RunRow } from "../wire/plan";
import { termIn } from "../words/terms";
import { titleInList } from "../words/titles";
import type { Language, Params, WordKey } from "../words/words";

/** How a reader is spoken to. */
export interface Tongue {
  language: Language;
  say(key: WordKey, params?: Params): string;
}

type Entry = Readonly<Record<string, Json>>;

const MOST_NAMED = 2;
const MOST_LISTED = 2;
/** Fields that a person calls otherwise than by their last word. */
const CALLED: Readonly<Record<string, WordKey>> = {
  "/train/optimizer/learning_rate": "nameRate",
  "/train/optimizer/type": "optimizer",
  "/train/batch_size": "batch",
  "/train/seed": "nameSeed",
  "/data/name": "nameData",
  "/data/options/noise": "noise",
  "/data/options/points": "namePoints",
  "/data/split/seed": "nameSample",
  "/data/split/train": "trainingShare",
};
/** Fields that only follow from others, or tell nothing of what was tried. */
const UNTOLD: ReadonlySet<string> = new Set(["/name", "/data/split/validation"]);

/** A run in the tree: what it does otherwise than its parent, the oldest by its own name. */
export function nameInTree(
  run: RunRow,
  parent: RunRow | null,
  presets: readonly Preset[],
  tongue: Tongue,
): string {
  if (!parent) return titleInList(run, presets, tongue.language);
  return nameOf(parent.document, run.document, tongue) ?? tongue.say("treeSame");
}

/** What a run does otherwise than its parent: "rate 0.03 → 0.003"; null where nothing differs. */
export function nameOf(before: Document, after: Document, tongue: Tongue): string | null {
  const layers = layerChanges(layersIn(before), layersIn(after), tongue);
  const fields = flat(differences(plain(before), plain(after)))
    .filter(({ path }) => !UNTOLD.has(path))
    .map((change) => tellField(change, tongue));
  const found = [...layers, ...fields];
  if (!found.length) return null;
  const left = found.length - MOST_NAMED;
  return found.slice(0, MOST_NAMED).join(tongue.say("nameJoint")) + (left > 0 ? ` +${left}` : "");
}

function layersIn(document: Document): Entry[] {
  const layers = objectOf(document["network"])["layers"];
  // An edit of the picture writes out all names, which change nothing.
  return Array.isArray(layers) ? layers.map((layer) => unnamed(asEntry(layer))) : [];
}

function unnamed(layer: Entry): Entry {
  return Object.fromEntries(Object.entries(layer).filter(([field]) => field !== "name"));
}

/** A document without its layers, what has a type always written as an object. */
function plain(document: Document): Document {
  const network = { ...objectOf(document["network"]), layers: null };
  const train = { ...objectOf(document["train"]) };
  if (typeof train["optimizer"] === "string") train["optimizer"] = { type: train["optimizer"] };
  const data = document["data"];
  const named = typeof data === "string" ? { name: data } : (data ?? {});
  return { ...document, network, train, data: named };
}

/** Where one side has nothing and the other a whole object, its fields one by one. */
function flat(changes: readonly Change[]): Change[] {
  return changes.flatMap((change) => {
    const { first, second, path } = change;
    const open = first === undefined ? isObject(second) : second === undefined && isObject(first);
    if (!open) return [change];
    return flat(differences(first ?? {}, second ?? {}, path));
  });
}

function tellField({ path, first, second }: Change, tongue: Tongue): string {
  const known = CALLED[path];
  const name = known ? tongue.say(known) : termIn(tongue.language, path.split("/").at(-1) ?? "");
  return tellChange(name, first, second, tongue, TELL[path]);
}

function tellChange(
  name: string,
  first: Json | undefined,
  second: Json | undefined,
  tongue: Tongue,
  tell: (value: Json, tongue: Tongue) => string | null = tellValue,
): string {
  const to = second == null ? tongue.say("nameDefault") : tell(second, tongue);
  if (to === null) return tongue.say("nameOther", { name });
  const from = first == null ? null : tell(first, tongue);
  return from === null || from === to ? `${name} ${to}` : `${name} ${from} → ${to}`;
}

function tellShare(value: Json): string {
  return formatShare(Number(value)).replace(".0", "");
}

function tellSet(value: Json, { say }: Tongue): string {
  const words = SETS.find(({ name }) => name === value)?.words;
  return words ? say(words) : String(value);
}

/** Fields whose values are told in a way of their own. */
const TELL: Readonly<Record<string, typeof tellValue>> = {
  "/data/name": tellSet,
  "/data/split/train": tellShare,
};

/** A value in a few letters; null for one that cannot be told so. */
function tellValue(value: Json, { language, say }: Tongue): string | null {
  if (typeof value === "number") {
    return Number.isInteger(value) ? formatCount(value) : formatRate(value);
  }
  if (typeof value === "string") return shortTerm(language, value);
  if (typeof value === "boolean") return say(value ? "nameOn" : "nameOff");
  if (Array.isArray(value)) {
    const told = value.map((item) => tellValue(item, { language, say }));
    return told.length <= MOST_LISTED && told.every((item) => item !== null)
      ? told.join(", ")
      : null;
  }
  const type = objectOf(value)["type"];
  return typeof type === "string" ? shortTerm(language, type) : null;
}

/** "conv2d" rather than "convolution 2d": a name has little room, and the text says it so. */
function shortTerm(language: Language, word: string): string {
  return language === "en" ? word : (termIn(language, word).split(/[ （]/)[0] ?? word);
}

type Turn = { before: Entry | null; after: Entry | null; at: number };

function layerChanges(before: Entry[], after: Entry[], tongue: Tongue): string[] {
  return paired(turns(before, after)).flatMap((turn) => tellTurn(turn, tongue));
}

function tellTurn({ before, after, at }: Turn, tongue: Tongue): string[] {
  const name = tongue.say("nameLayer", { number: at + 1 });
  if (before && after) {
    if (kindOf(before) !== kindOf(after)) {
      return [tellChange(name, kindOf(before), kindOf(after), tongue)];
    }
    return flat(differences(before, after)).map(({ path, first, second }) => {
      const field = termIn(tongue.language, path.split("/").at(-1) ?? "");
      return tellChange(`${name} ${field}`, first, second, tongue);
    });
  }
  const told = tellLayer(after ?? before ?? {}, tongue);
  return [tongue.say(after ? "nameAdded" : "nameRemoved", { layer: told })];
}

/** "linear 8 relu". */
function tellLayer(layer: Entry, tongue: Tongue): string {
  const size = layer["units"] ?? layer["filters"];
  const activation = layer["activation"];
  const words = [kindOf(layer), size, activation].filter((word) => word != null);
  return words.flatMap((word) => tellValue(word as Json, tongue) ?? []).join(" ");
}

/** The type of a layer, or what holds its inner layers: `residual`, `repeat`. */
function kindOf(layer: Entry): string {
  const { type } = layer;
  return typeof type === "string" ? type : (Object.keys(layer)[0] ?? "");
}

/** Which layers went and came: all but the longest series that both have in common. */
function turns(before: readonly Entry[], after: readonly Entry[]): Turn[] {
  const [first, second] = [before, after].map((side) => side.map((item) => JSON.stringify(item)));
  const common = commonLengths(first ?? [], second ?? []);
  const found: Turn[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [here, there] = [before[i] ?? null, after[j] ?? null];
    if (here && there && first?.[i] === second?.[j]) [i, j] = [i + 1, j + 1];
    else if (there && (!here || (common[i]?.[j + 1] ?? 0) > (common[i + 1]?.[j] ?? 0))) {
      found.push({ before: null, after: there, at: j++ });
    } else found.push({ before: here, after: null, at: i++ });
  }
  return found;
}

/** How long a series two rests have in common, from each place of each. */
function commonLengths(first: readonly string[], second: readonly string[]): number[][] {
  const lengths = Array.from({ length: first.length + 1 }, () =>
    Array<number>(second.length + 1).fill(0),
  );
  for (let i = first.length - 1; i >= 0; i--) {
    for (let j = second.length - 1; j >= 0; j--) {
      const [row, next] = [lengths[i], lengths[i + 1]];
      if (!row || !next) continue;
      const same = first[i] === second[j];
      row[j] = same ? 1 + (next[j + 1] ?? 0) : Math.max(next[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
}

/** One that went and one that came in its place are one that changed. */
function paired(all: readonly Turn[]): Turn[] {
  const found: Turn[] = [];
  for (const turn of all) {
    const gone = found.find(({ before, after, at }) =>
      turn.before ? !before && at === turn.at : !after && at === turn.at,
    );
    if (gone) Object.assign(gone, turn.before ? { before: turn.before } : { after: turn.after });
    else found.push({ ...turn });
  }
  return found;
}

function isObject(value: Json | undefined): value is Document {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function objectOf(value: Json | undefined): Document {
  return isObject(value) ? value : {};
}
