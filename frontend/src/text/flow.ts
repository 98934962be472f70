import type { YAMLMap, YAMLSeq } from "yaml";

import type { Json } from "../wire/plan";
import { flowJson } from "./json";
import { join } from "./pointer";
import { keyOf, type Reading, type Span } from "./reading";
import type { Edit, Entries } from "./rewrite";
import { syntaxOf } from "./syntax";
import { flowYaml } from "./yaml";

/** A list or object in brackets: all of JSON, and YAML's short form. */
abstract class Flow implements Entries {
  protected readonly text: string;
  protected readonly flow: (value: Json) => string;

  constructor(
    protected readonly reading: Reading,
    protected readonly node: YAMLMap | YAMLSeq,
    protected readonly pointer: string,
  ) {
    this.text = reading.text;
    this.flow = syntaxOf(this.text) === "json" ? flowJson : flowYaml;
  }

  /** From the first sign of an entry to its last. */
  protected abstract span(index: number): Span;
  protected abstract entry(key: string, value: Json): string;
  protected abstract replaced(index: number, value: Json): Edit;

  replace(index: number, value: Json): Edit {
    return this.replaced(index, value);
  }

  remove(index: number): Edit {
    const [from, to] = this.span(index);
    if (index + 1 < this.node.items.length) {
      return { from, to: this.span(index + 1)[0], insert: "" };
    }
    if (index > 0) return { from: this.span(index - 1)[1], to, insert: "" };
    const [start, end] = this.reading.place(this.pointer).value;
    return { from: start, to: end, insert: this.text[start] === "[" ? "[]" : "{}" };
  }

  insert(index: number, key: string, value: Json): Edit {
    const written = this.entry(key, value);
    const count = this.node.items.length;
    if (!count) {
      const at = this.reading.place(this.pointer).value[0] + 1;
      return { from: at, to: at, insert: written };
    }
    if (index < count) {
      const [at] = this.span(index);
      return { from: at, to: at, insert: `${written}${this.gap(index)}` };
    }
    const at = this.span(count - 1)[1];
    return { from: at, to: at, insert: `${this.gap(count - 1)}${written}` };
  }

  /** What parts two entries: a comma, and a line's end where each has a line of its own. */
  private gap(index: number): string {
    const [at] = this.span(index);
    const line = this.text.slice(this.text.lastIndexOf("\n", at - 1) + 1, at);
    return line.trim() || !this.text.slice(0, at).includes("\n") ? ", " : `,\n${line}`;
  }
}

/** `[…]` */
export class FlowList extends Flow {
  protected span(index: number): Span {
    return this.reading.place(join(this.pointer, index)).value;
  }

  protected entry(_: string, value: Json): string {
    return this.flow(value);
  }

  protected replaced(index: number, value: Json): Edit {
    const [from, to] = this.span(index);
    return { from, to, insert: this.flow(value) };
  }
}

/** `{…}` */
export class FlowObject extends Flow {
  protected span(index: number): Span {
    const { key, value } = this.place(index);
    return [key?.[0] ?? value[0], Math.max(key?.[1] ?? 0, value[1])];
  }

  protected entry(key: string, value: Json): string {
    return this.flow({ [key]: value }).slice(1, -1);
  }

  protected replaced(index: number, value: Json): Edit {
    const { key, value: old } = this.place(index);
    const isBare = key !== null && old[0] === old[1];
    if (!isBare) return { from: old[0], to: old[1], insert: this.flow(value) };
    const [from, to] = this.span(index);
    return { from, to, insert: this.entry(this.name(index), value) };
  }

  private place(index: number): ReturnType<Reading["place"]> {
    return this.reading.place(join(this.pointer, this.name(index)));
  }

  private name(index: number): string {
    return keyOf((this.node as YAMLMap).items[index]);
  }
}
