import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Draft } from "../../src/draft/draft";
import { emptied, isEmpty } from "../../src/draft/empty";
import { Refused, Unreachable } from "../../src/wire/api";
import type { Picture } from "../../src/wire/frame";
import type { Document, Plan, Problem } from "../../src/wire/plan";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A service that plans a document as its own name and tells what it was asked. */
class Service {
  asked: string[] = [];
  refusal: Error | null = null;

  async plan(document: Document): Promise<Plan> {
    this.asked.push(`plan ${String(document["name"])}`);
    if (this.refusal) throw this.refusal;
    return { hash: document["name"] } as Plan;
  }

  async inspect(document: Document): Promise<Picture> {
    this.asked.push(`inspect ${String(document["name"])}`);
    return { kind: "weights" } as Picture;
  }
}

function listen() {
  const told: string[] = [];
  const listener = {
    planned: (plan: Plan) => told.push(`planned ${plan.hash}`),
    refused: (problems: Problem[]) => told.push(`refused ${problems.length}`),
    outlined: (plan: Plan) => told.push(`outlined ${plan.layers.length} ${plan.hash}`),
    picture: (picture: Picture) => told.push(`picture ${picture.kind}`),
    failed: (reason: unknown) => told.push((reason as Error).constructor.name),
  };
  return { told, listener };
}

test("while a hand types, only the last document is asked about", async () => {
  const service = new Service();
  const { told, listener } = listen();
  const draft = new Draft(service, service, () => [{ kind: "weights" }], listener);
  for (const name of ["a", "b", "c"]) {
    draft.edit({ name });
    await vi.advanceTimersByTimeAsync(100);
  }
  await vi.advanceTimersByTimeAsync(150);
  expect(service.asked).toEqual(["plan c", "inspect c"]);
  expect(told).toEqual(["planned c", "picture weights"]);
});

test("a document that is opened is asked about at once", async () => {
  const service = new Service();
  const { told, listener } = listen();
  new Draft(service, service, () => [], listener).open({ name: "a" });
  await vi.advanceTimersByTimeAsync(0);
  expect(told).toEqual(["planned a"]);
});

test("all problems of a refused document are told together", async () => {
  const service = new Service();
  service.refusal = new Refused(422, [{} as Problem, {} as Problem], null, "wrong");
  const { told, listener } = listen();
  new Draft(service, service, () => [], listener).open({ name: "a" });
  await vi.advanceTimersByTimeAsync(0);
  expect(told).toEqual(["refused 2"]);
});

test("a silent service is told apart from a wrong document", async () => {
  const service = new Service();
  service.refusal = new Unreachable("gone");
  const { told, listener } = listen();
  new Draft(service, service, () => [], listener).open({ name: "a" });
  await vi.advanceTimersByTimeAsync(0);
  expect(told).toEqual(["Unreachable"]);
});

test("of a net without layers the data are shown, and then what is missing", async () => {
  const service = new Service();
  const { told, listener } = listen();
  service.plan = async (document) => {
    if (isEmpty(document)) throw new Refused(422, [{} as Problem], null, "wrong");
    return { hash: "outline", layers: [{ name: "linear_1" }] } as Plan;
  };
  new Draft(service, service, () => [{ kind: "weights" }], listener).open(emptied({ name: "a" }));
  await vi.advanceTimersByTimeAsync(0);
  expect(told).toEqual(["outlined 0 outline", "picture weights", "refused 1"]);
});
