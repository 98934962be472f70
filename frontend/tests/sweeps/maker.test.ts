import { expect, test } from "vitest";

import { Maker } from "../../src/sweeps/maker";
import { Refused } from "../../src/wire/api";
import type { SweepCreate } from "../../src/wire/sweeps";
import { SWEEP } from "./members";
import { CATALOGUE, DOCUMENT, PLAN } from "./spiral";

function begin(answer: () => Promise<typeof SWEEP> = () => Promise.resolve(SWEEP), most = 1024) {
  const sent: SweepCreate[] = [];
  const maker = new Maker(DOCUMENT, PLAN, CATALOGUE, {
    make: (body) => {
      sent.push(body);
      return answer();
    },
    most: () => Promise.resolve(most),
  });
  return { maker, sent };
}

test("a sweep that is sound is sent as it is written", async () => {
  const { maker, sent } = begin();
  maker.writeEntry(0, { list: "0.1" });
  expect(maker.view.value.count).toBe(8);
  expect(await maker.send()).toBe(SWEEP);
  expect(sent[0]?.vary[0]?.values).toEqual([0.1]);
});

test("one that has faults is not sent", async () => {
  const { maker, sent } = begin();
  maker.writeEntry(0, { list: "" });
  expect(await maker.send()).toBeNull();
  expect(sent).toEqual([]);
  expect(maker.view.value.faults.map(({ at }) => at)).toEqual([0]);
});

test("more nets than the service allows are told before anything is sent", async () => {
  const { maker } = begin(undefined, 10);
  await maker.learnLimit();
  expect(maker.view.value.faults.map(({ words }) => words)).toEqual(["faultMany"]);
});

test("a field that is added is one that does not vary yet", () => {
  const { maker } = begin();
  maker.add();
  const paths = maker.view.value.draft.entries.map(({ variable }) => variable.path);
  expect(new Set(paths).size).toBe(3);
  maker.drop(1);
  expect(maker.view.value.draft.entries).toHaveLength(2);
});

test("another search begins with ranges, a grid goes back to lists", () => {
  const { maker } = begin();
  maker.search("random");
  expect(maker.view.value.draft.entries.every(({ ranged }) => ranged)).toBe(true);
  maker.search("grid");
  expect(maker.view.value.count).toBe(64);
});

test("a refusal stands at its field, and the form can be sent again", async () => {
  const problem = { path: "/vary/0/values/7", text: "Diverges.", message: "Diverges." };
  const { maker } = begin(() => Promise.reject(new Refused(422, [problem as never], null, "no")));
  expect(await maker.send()).toBeNull();
  expect(maker.view.value).toMatchObject({ sending: false, notice: null });
  expect(maker.view.value.faults).toMatchObject([{ at: 0, text: "Diverges." }]);
});

test("a service that is away is told as such", async () => {
  const { maker } = begin(() => Promise.reject(new Refused(503, [], "7f", "Away.")));
  await maker.send();
  expect(maker.view.value.notice).toEqual({ text: "Away.", request: "7f" });
});
