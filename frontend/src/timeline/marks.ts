import { formatCount, formatRate, formatTerm } from "../numbers/format";
import { saySentence, type Sentences } from "../words/catalogue";
import type { Mark } from "../run/run";
import type { Changes, WeightEdit } from "../wire/types";
import type { Params, WordKey } from "../words/words";
import { type Axis, place } from "./track";

type Numbers = Omit<Changes, "weights">;
type Say = (key: WordKey, params?: Params) => string;

const WORDS: Readonly<Record<Mark["kind"], WordKey>> = {
  control: "markControl",
  checkpoint: "markCheckpoint",
  fork: "markFork",
  rewind: "markRewind",
  diverged: "markDiverged",
  verdict: "markVerdict",
};
const NAMES: Readonly<Record<keyof Numbers, WordKey>> = {
  learning_rate: "learningRate",
  batch_size: "batch",
  l1: "lasso",
  l2: "ridge",
  speed: "speed",
};
const REACH = 7;

/** All marks of a track in the order of their steps; what is kept is marked, too. */
export function marksOf(
  made: readonly Mark[],
  kept: readonly { step: number }[],
  divergedAt: number | null,
): Mark[] {
  const marks: Mark[] = [...made];
  for (const { step } of kept) if (step > 0) marks.push({ kind: "checkpoint", step });
  if (divergedAt !== null) marks.push({ kind: "diverged", step: divergedAt });
  return marks.sort((a, b) => a.step - b.step);
}

/** The mark under the pointer; one that tells of an event goes before a kept step. */
export function markAt(marks: readonly Mark[], x: number, axis: Axis): Mark | undefined {
  const near = marks.filter((mark) => Math.abs(place(mark.step, axis) - x) <= REACH);
  const rank = (mark: Mark): number =>
    Math.abs(place(mark.step, axis) - x) + (mark.kind === "checkpoint" ? REACH : 0);
  return near.sort((a, b) => rank(a) - rank(b))[0];
}

/** The step of the next mark of an event in a direction, if there is one. */
export function nextMark(
  marks: readonly Mark[],
  step: number,
  direction: 1 | -1,
): number | undefined {
  const steps = marks.filter(({ kind }) => kind !== "checkpoint").map((mark) => mark.step);
  return direction > 0
    ? steps.find((candidate) => candidate > step)
    : steps.findLast((candidate) => candidate < step);
}

export function tellMark(mark: Mark, say: Say, sentences: Sentences = {}): string {
  const { code = "", params = {} } = mark.verdict ?? {};
  const verdict = saySentence(code, params, sentences) ?? code;
  const told = [
    tellChanges(mark.changes ?? {}, say),
    ...(mark.weights ?? []).map(tellWeight),
    verdict,
  ];
  const change = told.filter(Boolean).join(say("nameJoint"));
  return say(WORDS[mark.kind], { step: formatCount(mark.step), change });
}

export function tellWeight({ name, index, value }: WeightEdit): string {
  return `${name}[${index.join(",")}] ${formatTerm(value)}`;
}

/** Changed numbers in words: "learning rate 0.003, batch 20". */
export function tellChanges(changes: Numbers, say: Say): string {
  return (Object.keys(changes) as (keyof Numbers)[])
    .map((name) => `${say(NAMES[name])} ${tellNumber(name, changes[name] ?? 0, say)}`)
    .join(say("nameJoint"));
}

function tellNumber(name: keyof Numbers, value: number, say: Say): string {
  if (name === "speed" && value === 0) return say("speedFreeShort");
  return name === "batch_size" || name === "speed" ? formatCount(value) : formatRate(value);
}
