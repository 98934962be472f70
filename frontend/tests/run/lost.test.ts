import { expect, test } from "vitest";

import { lostRun } from "../../src/run/lost";
import { RememberedRuns } from "../../src/run/remembered";
import { KeptDraft } from "../../src/draft/kept";
import { INITIAL } from "../../src/page/state";
import { Refused, Unreachable } from "../../src/wire/api";

function storage(): Pick<Storage, "getItem" | "setItem"> {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
  };
}

function refused(status: number): Refused {
  return new Refused(status, [], null, "");
}

const document = { spec: "nn/1" };
const known = { id: "run_1", title: "x", document, expiresAt: "2026-05-03T00:00:00Z" };
const LATER = Date.parse("2026-06-01T00:00:00Z");

test("an address without a run says what became of it", () => {
  expect(lostRun(refused(404), null, false, LATER)).toEqual({ why: "unknown" });
  expect(lostRun(refused(404), known, false, LATER)).toEqual({ why: "expired", run: known });
  expect(lostRun(refused(404), known, false, 0)).toEqual({ why: "deleted", run: known });
  expect(lostRun(refused(401), null, true, LATER)).toEqual({ why: "closed" });
  expect(lostRun(refused(401), null, false, LATER)).toEqual({ why: "signedOut" });
  expect(lostRun(refused(500), known, false, LATER)).toBeNull();
  expect(lostRun(new Unreachable(""), known, false, LATER)).toBeNull();
});

test("the documents of the last runs are remembered, and only so many", () => {
  const runs = new RememberedRuns(storage());
  for (let index = 0; index < 40; index++) {
    const run = { id: `run_${index}`, expiresAt: null } as never;
    runs.note({ run, document, title: String(index) });
  }
  expect(runs.recall("run_39")).toEqual({ id: "run_39", title: "39", document, expiresAt: null });
  expect(runs.recall("run_0")).toBeNull();
  const broken = { getItem: () => "{", setItem: () => undefined };
  expect(new RememberedRuns(broken).recall("run_1")).toBeNull();
});

test("a draft outlives its page; a run is kept by the service", () => {
  const kept = new KeptDraft(storage());
  expect(kept.read()).toBeNull();
  kept.keep({ ...INITIAL, document, title: "mine" });
  kept.keep({ ...INITIAL, document: { of: "a run" }, run: {} as never });
  expect(kept.read()).toMatchObject({ document, title: "mine" });
  const full = {
    getItem: () => "3",
    setItem: () => {
      throw new Error("full");
    },
  };
  new KeptDraft(full).keep({ ...INITIAL, document });
  expect(new KeptDraft(full).read()).toBeNull();
});
