import type { CST, Pair, YAMLMap, YAMLSeq } from "yaml";

import type { Json } from "../wire/plan";
import { join } from "./pointer";
import { keyOf, type Reading, type Span } from "./reading";
import type { Edit, Entries } from "./rewrite";
import { afterKey, itemYaml, pairYaml } from "./yaml";

/** A list or object of YAML whose entries stand under each other. */
abstract class Block implements Entries {
  protected readonly text: string;

  constructor(
    protected readonly reading: Reading,
    protected readonly node: YAMLMap | YAMLSeq,
    protected readonly pointer: string,
  ) {
    this.text = reading.text;
  }

  /** From the key or the dash of an entry to its last sign; null where it is written oddly. */
  protected abstract span(index: number): Span | null;
  protected abstract written(key: string, value: Json, indent: number): string;
  abstract replace(index: number, value: Json): Edit | null;

  remove(index: number): Edit | null {
    const span = this.span(index);
    if (!span) return null;
    if (this.node.items.length === 1) return this.emptied();
    const [from, to] = span;
    const start = this.lineStart(from);
    const end = this.lineEnd(to);
    if (!this.text.slice(start, from).trim()) {
      const last = end === this.text.length;
      return last && start > 0
        ? { from: start - 1, to: end, insert: "" }
        : { from: start, to: Math.min(end + 1, this.text.length), insert: "" };
    }
    // Its line begins with the dash of a list around it, which the next entry takes over.
    const next = this.span(index + 1);
    if (!next || this.text.slice(end, next[0]).trim()) return null;
    return { from, to: next[0], insert: "" };
  }

  insert(index: number, key: string, value: Json): Edit | null {
    const first = this.span(0);
    if (!first) return null;
    const indent = first[0] - this.lineStart(first[0]);
    const written = this.written(key, value, indent);
    const margin = " ".repeat(indent);
    if (index === 0) {
      return { from: first[0], to: first[0], insert: `${written}\n${margin}` };
    }
    const before = this.span(index - 1);
    if (!before) return null;
    const at = this.lineEnd(before[1]);
    return { from: at, to: at, insert: `\n${margin}${written}` };
  }

  protected lineStart(at: number): number {
    return this.text.lastIndexOf("\n", at - 1) + 1;
  }

  private lineEnd(at: number): number {
    const end = this.text.indexOf("\n", at);
    return end < 0 ? this.text.length : end;
  }

  private emptied(): Edit {
    const [from, to] = this.reading.place(this.pointer).value;
    return { from, to, insert: this instanceof BlockList ? "[]" : "{}" };
  }
}

/** Entries behind dashes. */
export class BlockList extends Block {
  replace(index: number, value: Json): Edit | null {
    const span = this.span(index);
    if (!span) return null;
    const indent = span[0] - this.lineStart(span[0]);
    const [from] = this.reading.place(join(this.pointer, index)).value;
    // A comment between the dash and the value keeps the value where it is.
    if (this.text.slice(span[0] + 1, from).trim()) return null;
    return { from: span[0], to: span[1], insert: itemYaml(value, indent) };
  }

  protected span(index: number): Span | null {
    const source = (this.node as YAMLSeq & { srcToken?: CST.BlockSequence }).srcToken;
    const dashes = (source?.items ?? []).flatMap(({ start }) =>
      start.filter(({ type }) => type === "seq-item-ind"),
    );
    const dash = dashes[index]?.offset;
    if (dash === undefined || dashes.length !== this.node.items.length) return null;
    const [, to] = this.reading.place(join(this.pointer, index)).value;
    return [dash, Math.max(dash + 1, to)];
  }

  protected written(_: string, value: Json, indent: number): string {
    return itemYaml(value, indent);
  }
}

/** `key: value`, line by line. */
export class BlockObject extends Block {
  replace(index: number, value: Json): Edit | null {
    const span = this.span(index);
    const pair = this.pair(index);
    const colon = pair?.srcToken?.sep?.find(({ type }) => type === "map-value-ind")?.offset;
    if (!span || colon === undefined) return null;
    const place = this.reading.place(join(this.pointer, keyOf(pair)));
    const isShown = place.value[0] > colon;
    if (isShown && this.text.slice(colon + 1, place.value[0]).trim()) return null;
    const to = isShown ? place.value[1] : colon + 1;
    const indent = span[0] - this.lineStart(span[0]);
    return { from: colon + 1, to, insert: afterKey(keyOf(pair), value, indent) };
  }

  protected span(index: number): Span | null {
    const pair = this.pair(index);
    if (!pair || pair.srcToken?.start.some(({ type }) => type === "explicit-key-ind")) return null;
    const { key, value } = this.reading.place(join(this.pointer, keyOf(pair)));
    return key && [key[0], Math.max(key[1] + 1, value[1])];
  }

  protected written(key: string, value: Json, indent: number): string {
    return pairYaml(key, value, indent);
  }

  private pair(index: number): Sourced | undefined {
    return (this.node as YAMLMap).items[index] as Sourced | undefined;
  }
}

type Sourced = Pair & { srcToken?: CST.CollectionItem };
