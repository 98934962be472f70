import {
  Composer,
  type CST,
  type Document as Tree,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type Pair,
  Parser,
  Scalar,
} from "yaml";

import type { Json, Problem } from "../wire/plan";
import { join } from "./pointer";
import { NoJsonNumber, resolve } from "./scalars";

/** From a character of the text up to another. */
export type Span = readonly [from: number, to: number];

/** Where a value stands, and its key where it has one. */
export interface Place {
  key: Span | null;
  value: Span;
}

/** Levels of lists and objects; the service refuses more. */
const DEEPEST = 32;
const LONGEST_SHOWN = 40;
const UNPRINTABLE = /[^\t\n\r\x20-\x7e\x85\xa0-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;

interface Fault {
  at: number;
  code: string;
  params: Record<string, unknown>;
}

/**
 * One reading of a text, YAML 1.2 core or JSON: its document, where every pointer stands, and
 * all its faults under the codes of the Python client.
 */
export class Reading {
  /** What the text says, as far as it can be read; only without problems it is to be trusted. */
  document: Json = null;
  readonly places = new Map<string, Place>();
  readonly problems: Problem[];
  /** The syntax tree, for those who edit the text; null where there is nothing to read. */
  readonly tree: Tree.Parsed | null;
  private readonly starts: number[];
  private readonly faults: Fault[] = [];

  constructor(readonly text: string) {
    this.starts = [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];
    this.tree = this.parse();
    if (this.tree) this.document = this.value(this.tree.contents, "", null);
    this.problems = this.sorted().map((fault) => this.problem(fault));
  }

  get isSound(): boolean {
    return this.problems.length === 0;
  }

  /** Where a pointer stands; for what is not there, its nearest parent. */
  place(pointer: string): Place {
    let here = pointer;
    while (here && !this.places.has(here)) here = here.slice(0, here.lastIndexOf("/"));
    return this.places.get(here) ?? { key: null, value: [0, 0] };
  }

  /** The innermost pointer whose key or value covers a character. */
  pointerAt(at: number): string {
    let found = "";
    for (const [pointer, { key, value }] of this.places) {
      if ((key?.[0] ?? value[0]) <= at && at <= value[1]) found = pointer;
    }
    return found;
  }

  /** Counted from 1. */
  lineOf(at: number): number {
    let low = 0;
    let high = this.starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.starts[middle] ?? 0) <= at) low = middle;
      else high = middle;
    }
    return high;
  }

  private parse(): Tree.Parsed | null {
    const deep = tooDeepAt(this.text);
    if (deep !== null) {
      this.report(deep, "source.deep", { limit: DEEPEST });
      return null;
    }
    const tokens = [...new Parser().parse(this.text)];
    const written = tokens.filter((token) => token.type === "document");
    const options = { schema: "failsafe", keepSourceTokens: true, uniqueKeys: false } as const;
    const composer = new Composer({ ...options, prettyErrors: false });
    const trees = [...composer.compose(tokens, true, this.text.length)];
    if (!written.length) this.report(0, "source.empty", {});
    if (written[1]) this.report(startOf(written[1]), "source.several", {});
    if (written[0]) for (const token of propertiesOf(written[0])) this.refuse(token);
    this.findSyntax(trees[0] as Tree.Parsed | undefined);
    return written.length ? ((trees[0] as Tree.Parsed | undefined) ?? null) : null;
  }

  private findSyntax(tree: Tree.Parsed | undefined): void {
    const sign = UNPRINTABLE.exec(this.text);
    if (sign) {
      const code = (sign[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
      this.report(sign.index, "source.syntax", { what: `U+${code} is not printable` });
    }
    const first = tree?.errors.find(({ code }) => code !== "BAD_ALIAS");
    if (first && !isJson(this.text)) {
      const at = Math.min(first.pos[0], Math.max(0, this.text.trimEnd().length - 1));
      this.report(at, "source.syntax", { what: first.message });
    }
  }

  private refuse(token: CST.SourceToken | CST.FlowScalar): void {
    const name = token.source.slice(1);
    if (token.type === "tag") this.report(token.offset, "source.tag", { tag: token.source });
    else this.report(token.offset, `source.${token.type}`, { name });
  }

  private value(node: unknown, pointer: string, key: Span | null): Json {
    const range = isCollection(node) || isScalar(node) || isAlias(node) ? node.range : null;
    const from = range?.[0] ?? key?.[1] ?? 0;
    this.places.set(pointer, { key, value: [from, this.trimmed(from, range?.[1] ?? from)] });
    if (isMap(node)) return this.object(node.items as Pair[], pointer);
    if (isSeq(node)) return node.items.map((item, at) => this.value(item, join(pointer, at), null));
    if (!isScalar(node)) return null;
    if (node.type !== Scalar.PLAIN) return String(node.value ?? "");
    return this.plain(node.source ?? "", from);
  }

  private object(pairs: readonly Pair[], pointer: string): Json {
    const entries = new Map<string, Json>();
    const firsts = new Map<string, number>();
    for (const { key, value } of pairs) {
      const at = (key as Scalar.Parsed | null)?.range?.[0] ?? 0;
      if (!isScalar(key)) {
        this.report(at, "source.key", {});
        continue;
      }
      const name = keyOf({ key });
      const first = firsts.get(name);
      if (first === undefined) firsts.set(name, at);
      else this.report(at, "source.double", { name, first: this.lineOf(first) });
      const span: Span = [at, key.range?.[1] ?? at];
      entries.set(name, this.value(value, join(pointer, name), span));
    }
    return Object.fromEntries(entries);
  }

  private plain(word: string, at: number): Json {
    try {
      return resolve(word);
    } catch (reason) {
      if (!(reason instanceof NoJsonNumber)) throw reason;
      this.report(at, "source.number", { value: word.slice(0, LONGEST_SHOWN) });
      return null;
    }
  }

  /** The parser counts the line's end after a block as its own; a place ends with its last sign. */
  private trimmed(from: number, to: number): number {
    return Math.max(from, from + this.text.slice(from, to).trimEnd().length);
  }

  private report(at: number, code: string, params: Record<string, unknown>): void {
    this.faults.push({ at, code, params });
  }

  /** In the order of the text; what comes after a fault of syntax is guesswork. */
  private sorted(): Fault[] {
    const order = [...this.faults].sort((one, other) => one.at - other.at);
    const syntax = order.findIndex(({ code }) => code === "source.syntax");
    return syntax < 0 ? order : order.slice(0, syntax + 1);
  }

  private problem({ at, code, params }: Fault): Problem {
    const line = this.lineOf(at);
    const column = at - (this.starts[line - 1] ?? 0) + 1;
    const path = this.pointerAt(at);
    const said = { params: { line, column, at, ...params }, layer: null, message: code };
    return { code, path, ...said, expected: null, got: null, hint: null, fix: null };
  }
}

/** The key of an entry as it is meant, without its quotes. */
export function keyOf(pair: Pick<Pair, "key"> | undefined): string {
  const key = pair?.key as Partial<Scalar> | null | undefined;
  return String(key?.source ?? key?.value ?? "");
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Where the text nests too deep: asked of the tokens, since all that follows recurses. */
function tooDeepAt(text: string): number | null {
  let depth = 0;
  let at = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === "[" || token === "{") depth += 1;
    else if (token === "]" || token === "}") depth -= 1;
    if (depth > DEEPEST) return at;
    if (!CONTROL.has(token)) at += token.length;
  }
  return tooIndentedAt(text);
}

/** What the lexer puts between the pieces of the text. */
const CONTROL: ReadonlySet<string> = new Set(["\u{feff}", "\u0002", "\u0018", "\u001f"]);

/** Dashes of one line nest, and so do lines that stand further in than the one before. */
function tooIndentedAt(text: string): number | null {
  const columns: number[] = [];
  for (const { 0: whole, index } of text.matchAll(/^ *((- +)*)[^\s#]/gm)) {
    const dashes = [...whole.matchAll(/- +|[^\s]$/g)].map((dash) => dash.index);
    for (const column of dashes) {
      while (columns.length && (columns.at(-1) ?? 0) >= column) columns.pop();
      columns.push(column);
      if (columns.length > DEEPEST + 1) return index + column;
    }
  }
  return null;
}

function startOf(token: CST.Token): number {
  const start = "start" in token && Array.isArray(token.start) ? token.start : [];
  return start.find(({ type }) => type === "doc-start")?.offset ?? token.offset;
}

/** All anchors, tags and aliases of a document, in order. */
function* propertiesOf(token: CST.Token): Generator<CST.SourceToken | CST.FlowScalar> {
  if (token.type === "alias") yield token;
  if ("props" in token) yield* marks(token.props as CST.SourceToken[]);
  if ("start" in token && Array.isArray(token.start)) yield* marks(token.start);
  if ("items" in token) {
    for (const item of token.items) {
      yield* marks(item.start);
      if (item.key) yield* propertiesOf(item.key);
      if (item.sep) yield* marks(item.sep);
      if (item.value) yield* propertiesOf(item.value);
    }
  }
  if (token.type === "document" && token.value) yield* propertiesOf(token.value);
}

function marks(tokens: readonly CST.SourceToken[]): CST.SourceToken[] {
  return tokens.filter(({ type }) => type === "anchor" || type === "tag");
}
