import { type Card, cards } from "../layout/cards";
import type { Document, Plan } from "../wire/plan";
import { namesIn } from "./names";
import { openings } from "./offers";
import { placeIn } from "./pointer";
import { inputShape } from "./network";
import { type Gap, listAt, placeOf, rootOf, withMoved } from "./structure";

/** A card past its neighbour to the left (−1) or to the right (1), with what is fused onto it. */
export function withStep(document: Document, plan: Plan, name: string, by: -1 | 1): Document {
  const all = cards(plan);
  const card = all.find((each) => each.name === name);
  const joint = card && jointPast(all, card, by);
  const [first] = card?.parts ?? [];
  // A join would lose what else it reads, and terms are read of a point alone.
  const bound = card?.type === "features" || (first?.inputs.length ?? 0) > 1;
  if (!card || !joint || !first || bound) return document;
  const read = plan.layers.find((layer) => layer.name === first.inputs[0])?.output;
  const rank = (read ?? inputShape(plan, first.inputs[0]) ?? []).length;
  const opening = openings(document, plan, joint.from, joint.to).findLast(
    ({ shape }) => shape.length === rank,
  );
  if (!opening) return document;
  return withCardMoved(document, card, opening.gap);
}

/** A card in another gap, with what is fused onto it; into a composite its own layer alone. */
export function withCardMoved(document: Document, card: Card, gap: Gap): Document {
  const { list, index } = placeIn(gap.beside);
  const target = namesIn(listAt(document, list))[index];
  if (list === rootOf(gap.beside) && gap.side === "before" && target !== undefined) {
    return moved(document, card, gap, target);
  }
  const [layer] = card.parts;
  const source = layer && placeOf(document, layer);
  return source ? withMoved(document, source, gap) : document;
}

/** The joint on the other side of the one neighbour; the answer is passed by nothing. */
function jointPast(
  all: readonly Card[],
  card: Card,
  by: -1 | 1,
): { from: Card; to: Card } | undefined {
  const before = (of: Card): Card | undefined =>
    of.from.length === 1 ? all.find(({ name }) => name === of.from[0]) : undefined;
  const after = (of: Card): Card | undefined => {
    const readers = all.filter(({ from }) => from.includes(of.name));
    return readers.length === 1 ? readers[0] : undefined;
  };
  const neighbour = by < 0 ? before(card) : after(card);
  const own = all.filter(({ network }) => network === card.network);
  if (card === own.at(-1) || !neighbour?.parts.length) return undefined;
  const beyond = by < 0 ? before(neighbour) : after(neighbour);
  if (!beyond) return undefined;
  return by < 0 ? { from: beyond, to: neighbour } : { from: neighbour, to: beyond };
}

function moved(document: Document, card: Card, gap: Gap, target: string): Document {
  const parts = card.parts.filter((part, at) => at === 0 || part.type !== "flatten");
  const { list } = placeIn(gap.beside);
  if (parts.some(({ name, source }) => shortOf(name) === target && source.startsWith(list))) {
    return document;
  }
  let { reads } = gap;
  return parts.reduce((rest, part) => {
    const source = placeOf(rest, part);
    if (!source) return rest;
    const beside = `${list}/${namesIn(listAt(rest, list)).indexOf(target)}`;
    const next = withMoved(rest, source, { ...gap, beside, reads });
    reads = shortOf(part.name);
    return next;
  }, document);
}

/** A name in its own list, without the network and the blocks around it. */
function shortOf(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}
