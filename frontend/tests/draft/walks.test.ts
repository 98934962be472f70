import { expect, test } from "vitest";

import { isEmpty } from "../../src/draft/empty";
import type { Catalogue } from "../../src/wire/catalogue";
import type { Document, Plan, Problem } from "../../src/wire/plan";
import { type Canvas, Chance, type Edit, HANDS, type Kind } from "./walk";

/** Where the service's own planner listens; its test starts it and gives its address by this name. */
const planner = process.env["GRADUS_PLANNER"] ?? "";
const WALKS = 200;
const STEPS = 6;
const FEWEST_OF_A_KIND = 15;
const WAIT_MS = 240_000;
// These leave every shape as it is, or make one that the page knows to fit.
const ALWAYS_SOUND: ReadonlySet<Kind> = new Set<Kind>([
  "wrap",
  "activation",
  "init",
  "deeper",
  "shortcut",
]);
// No fault of a flatten; the page only leaves out what would do nothing.
const IDLE = "flatten";

interface Answer {
  plan?: Plan;
  problems?: Problem[];
}

async function planned(document: Document): Promise<Answer> {
  const sent = { method: "POST", body: JSON.stringify(document) };
  return (await (await fetch(planner, sent)).json()) as Answer;
}

/** Where page and planner judge an edit differently; null where they agree. */
function misjudged(kind: Kind, edit: Edit, answer: Answer): string | null {
  const problems = answer.problems ?? [];
  const said = problems.map(({ code, path }) => `${code} at ${path}`).join(", ");
  if (!edit.offered)
    return problems.length || edit.added?.type === IDLE ? null : "not offered, but sound";
  if (!problems.length) return null;
  if (ALWAYS_SOUND.has(kind)) return `always sound, but ${said}`;
  if (!problems.every(({ code }) => /^(shape|port|loss)\./.test(code))) return `malformed: ${said}`;
  // What is put in may not suit those behind it, but is itself in its place.
  const own = problems.some(({ path }) => edit.added && `${path}/`.startsWith(`${edit.added.at}/`));
  return own ? `offered, but ${said}` : null;
}

/** What is wrong with the edits of one walk; `counted` sums up the sound ones by kind. */
async function walk(seed: number, first: Canvas, counted: Map<Kind, number>): Promise<string[]> {
  const chance = new Chance(seed);
  const way: string[] = [];
  const wrong: string[] = [];
  let canvas = first;
  for (let taken = 0; taken < STEPS; taken += 1) {
    const [kind, hand] = chance.of(HANDS)!;
    const edit = hand(canvas, chance);
    if (!edit || isEmpty(edit.document)) continue;
    const answer = await planned(edit.document);
    const fault = misjudged(kind, edit, answer);
    if (fault) wrong.push(`seed ${seed}: ${[...way, edit.said].join("; ")}: ${fault}`);
    if (edit.offered === Boolean(answer.plan)) counted.set(kind, (counted.get(kind) ?? 0) + 1);
    if (!answer.plan) continue;
    way.push(edit.said);
    canvas = { ...canvas, document: edit.document, plan: answer.plan };
  }
  return wrong;
}

test.runIf(planner)(
  `the planner judges as the page does, in ${WALKS} walks`,
  { timeout: WAIT_MS },
  async () => {
    const given = (await (await fetch(planner)).json()) as {
      catalogue: Catalogue;
      documents: Document[];
    };
    const canvases = await Promise.all(
      given.documents.map(async (document): Promise<Canvas> => {
        const { plan } = await planned(document);
        return { catalogue: given.catalogue, document, plan: plan! };
      }),
    );
    const counted = new Map<Kind, number>();
    const wrong: string[] = [];
    for (let seed = 0; seed < WALKS; seed += 1) {
      wrong.push(...(await walk(seed, canvases[seed % canvases.length]!, counted)));
    }
    expect(wrong).toEqual([]);
    for (const [kind] of HANDS) {
      expect(counted.get(kind), kind).toBeGreaterThan(FEWEST_OF_A_KIND);
    }
  },
);
