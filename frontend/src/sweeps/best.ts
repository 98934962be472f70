import type { Goal, Member } from "../wire/sweeps";
import { goalOf } from "./coordinates";

export function isBetter(first: number, second: number, { direction }: Goal): boolean {
  return direction === "maximize" ? first > second : first < second;
}

/** One member on the way, and the best of all up to it. */
export interface Reached {
  member: Member;
  goal: number;
  best: number;
  /** It was better than all before it. */
  leads: boolean;
}

/** What counts of a member: one that failed is never the best, however well it began. */
function countedOf(member: Member): number | null {
  return member.status === "failed" ? null : goalOf(member);
}

/** The best so far, over the members in the order in which they were made. */
export function bestSoFar(members: readonly Member[], goal: Goal): Reached[] {
  const known = members.flatMap((member) => {
    const value = countedOf(member);
    return value === null ? [] : [{ member, value }];
  });
  known.sort((first, second) => first.member.index - second.member.index);
  let best: number | null = null;
  return known.map(({ member, value }) => {
    const leads = best === null || isBetter(value, best, goal);
    if (leads) best = value;
    return { member, goal: value, best: best as number, leads };
  });
}

/** The member that leads now. */
export function leaderOf(members: readonly Member[], goal: Goal): Member | null {
  return bestSoFar(members, goal).findLast(({ leads }) => leads)?.member ?? null;
}

/** Members from the best to the worst, those without a goal and those that failed behind them. */
export function ranked(members: readonly Member[], goal: Goal): Member[] {
  const sign = goal.direction === "maximize" ? -1 : 1;
  const valueOf = (member: Member): number => {
    const value = countedOf(member);
    return value === null ? Infinity : sign * value;
  };
  return [...members].sort(
    (first, second) => compared(valueOf(first), valueOf(second)) || first.index - second.index,
  );
}

function compared(first: number, second: number): number {
  return first === second ? 0 : first - second;
}

/** From 0 for the worst to 1 for the best of a sweep, on the axis of its goal. */
export function meritOf(share: number, { direction }: Goal): number {
  return direction === "maximize" ? share : 1 - share;
}
