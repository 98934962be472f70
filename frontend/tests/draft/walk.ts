import {
  isRemovable,
  withDeeper,
  withInit,
  withoutCard,
  withShallower,
  withSize,
  withTerm,
} from "../../src/draft/network";
import { withCardMoved, withStep } from "../../src/draft/move";
import { gapFor, offersAt, starting } from "../../src/draft/offers";
import { isJoin, othersFor, withJoin } from "../../src/draft/shortcut";
import { placeIn } from "../../src/draft/pointer";
import { type Gap, ownPlaceOf, withField, withLayer } from "../../src/draft/structure";
import { withWrapped, wrapsAt } from "../../src/draft/wrap";
import { ALL_TERMS } from "../../src/layers/features/terms";
import { type Card, cards } from "../../src/layout/cards";
import type { Catalogue } from "../../src/wire/catalogue";
import type { Document, Plan } from "../../src/wire/plan";

/** A sound document as it lies on the canvas. */
export interface Canvas {
  catalogue: Catalogue;
  document: Document;
  plan: Plan;
}

/** One edit that the page lets a hand make, or (`offered` false) shows as not fitting. */
export interface Edit {
  said: string;
  document: Document;
  offered: boolean;
  /** What is put in: its kind, and the pointer to where it then stands. */
  added?: { type: string; at: string };
}

/** Numbers from 0 to below 1 that a seed says (mulberry32). */
export class Chance {
  constructor(private state: number) {}

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  of<T>(all: readonly T[]): T | undefined {
    return all[Math.floor(this.next() * all.length)];
  }
}

type Hand = (canvas: Canvas, chance: Chance) => Edit | undefined;

export type Kind =
  | "insert"
  | "reject"
  | "shortcut"
  | "wrap"
  | "remove"
  | "drag"
  | "step"
  | "size"
  | "activation"
  | "deeper"
  | "shallower"
  | "term"
  | "init";

/** Each kind of structural edit, at a place that chance says; undefined where there is none. */
export const HANDS: readonly (readonly [Kind, Hand])[] = [
  ["insert", (canvas, chance) => put(canvas, chance, true)],
  ["reject", (canvas, chance) => put(canvas, chance, false)],
  ["shortcut", shortcut],
  ["wrap", wrap],
  ["remove", remove],
  ["drag", drag],
  ["step", step],
  ["size", size],
  ["activation", activation],
  ["deeper", ({ document, plan }) => edit("one layer more", withDeeper(document, plan))],
  ["shallower", ({ document, plan }) => edit("one layer less", withShallower(document, plan))],
  ["term", term],
  ["init", init],
];

/** The lines between two cards, which is where a layer is put. */
function joints(plan: Plan): { from: Card; to: Card }[] {
  const all = cards(plan);
  return all.flatMap((to) =>
    to.from.flatMap((name) => {
      const from = all.find((card) => card.name === name);
      return from ? [{ from, to }] : [];
    }),
  );
}

function put({ catalogue, document, plan }: Canvas, chance: Chance, offered: boolean) {
  const joint = chance.of(joints(plan));
  if (!joint) return undefined;
  const offer = chance.of(
    offersAt(catalogue, document, plan, joint).filter(
      ({ kind, fits }) => fits === offered && !isJoin(kind.type),
    ),
  );
  if (!offer) return undefined;
  const { kind, gap, shape } = offer;
  const changed = withLayer(document, gap, starting(kind, document, plan, shape));
  const said = `${kind.type} ${gap.side} ${gap.beside}`;
  return { ...edit(said, changed), offered, added: { type: kind.type, at: placeAfter(gap) } };
}

function placeAfter({ beside, side }: Gap): string {
  const { list, index } = placeIn(beside);
  return `${list}/${side === "after" ? index + 1 : index}`;
}

function shortcut({ catalogue, document, plan }: Canvas, chance: Chance): Edit | undefined {
  const joint = chance.of(joints(plan));
  if (!joint) return undefined;
  const offer = chance.of(
    offersAt(catalogue, document, plan, joint).filter(
      ({ kind, fits }) => fits && isJoin(kind.type),
    ),
  );
  const type = offer?.kind.type ?? "";
  const other = offer && chance.of(othersFor(type, document, plan, offer.gap));
  if (!offer || !other) return undefined;
  const changed = withJoin(document, offer.gap, type, other.name);
  return {
    ...edit(`${type} of ${offer.gap.reads} and ${other.name}`, changed),
    added: { type, at: placeAfter(offer.gap) },
  };
}

function wrap({ document, plan }: Canvas, chance: Chance): Edit | undefined {
  const joint = chance.of(joints(plan));
  const chosen = joint && chance.of(wrapsAt(document, plan, joint));
  if (!chosen) return undefined;
  return edit(`${chosen.wrapper} around ${chosen.card.name}`, withWrapped(document, chosen));
}

function remove({ document, plan }: Canvas, chance: Chance): Edit | undefined {
  const all = cards(plan);
  const card = chance.of(all.filter(({ name }) => isRemovable(all, name)));
  return card && edit(`without ${card.name}`, withoutCard(document, plan, card));
}

function drag({ catalogue, document, plan }: Canvas, chance: Chance): Edit | undefined {
  const all = cards(plan);
  const card = chance.of(all.slice(0, -1).filter(({ parts }) => parts.length));
  const joint = chance.of(joints(plan));
  const kind = catalogue.layers.find(({ type }) => type === card?.type);
  const gap = card && joint && gapFor(kind, document, plan, card, joint);
  if (!card || !gap) return undefined;
  const said = `${card.name} dragged ${gap.side} ${gap.beside}`;
  return edit(said, withCardMoved(document, card, gap));
}

function step({ document, plan }: Canvas, chance: Chance): Edit | undefined {
  const card = chance.of(cards(plan));
  const by = chance.of([-1, 1] as const);
  if (!card || !by) return undefined;
  return edit(`${card.name} by ${by}`, withStep(document, plan, card.name, by));
}

function size({ document, plan }: Canvas, chance: Chance): Edit | undefined {
  const card = chance.of(cards(plan));
  const by = chance.of([-1, 1]) ?? 1;
  return card && edit(`${card.name} by ${by} units`, withSize(document, card, by));
}

function activation({ catalogue, document, plan }: Canvas, chance: Chance): Edit | undefined {
  const layer = chance.of(plan.layers.filter(({ fields }) => "activation" in fields));
  const source = layer && ownPlaceOf(document, layer);
  const kind = catalogue.layers.find(({ type }) => type === layer?.type);
  const choices = kind?.fields["activation"]?.anyOf?.find((each) => each.enum)?.enum;
  const chosen = chance.of(choices ?? kind?.fields["activation"]?.enum ?? ["relu", "tanh"]);
  if (!layer || !source || chosen === undefined) return undefined;
  const changed = withField(document, source, "activation", chosen);
  return edit(`${String(chosen)} on ${layer.name}`, changed);
}

function term({ document, plan }: Canvas, chance: Chance): Edit | undefined {
  const chosen = chance.of(ALL_TERMS);
  if (!chosen || plan.data?.input.join() !== "2") return undefined;
  return edit(`term ${chosen}`, withTerm(document, plan, chosen));
}

function init({ document, plan }: Canvas, chance: Chance): Edit {
  const start = chance.of(["he", "xavier", "zeros"]) ?? "he";
  return edit(`init ${start}`, withInit(document, plan, start));
}

function edit(said: string, document: Document): Edit {
  return { said, document, offered: true };
}
