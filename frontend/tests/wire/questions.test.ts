import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Refused } from "../../src/wire/api";
import type { Picture } from "../../src/wire/frame";
import { Questions } from "../../src/wire/questions";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Workers that are warm from a moment on; a question waits for them as long as it may. */
class Workers {
  asked: { run: string; seconds: number }[] = [];
  underWay = 0;
  most = 0;

  constructor(private readonly warmAt: number) {}

  inspect = async (): Promise<Picture | null> => null;

  async inspectRun(run: string, _: unknown, seconds: number): Promise<Picture | null> {
    this.asked.push({ run, seconds });
    this.most = Math.max(this.most, ++this.underWay);
    const left = Math.max(0, this.warmAt - Date.now());
    await new Promise((goOn) => setTimeout(goOn, Math.min(left, seconds * 1_000)));
    this.underWay -= 1;
    return left <= seconds * 1_000 ? ({ run } as Picture) : null;
  }
}

function begin(warmIn: number) {
  const workers = new Workers(Date.now() + warmIn);
  const waited: (number | null)[] = [];
  const answered: (string | null)[] = [];
  const questions = new Questions(workers, (seconds) => waited.push(seconds));
  for (const run of ["a", "b", "c"]) {
    void questions
      .inspectRun(run, { kind: "weights" })
      .then((picture) => answered.push(picture.run));
  }
  return { workers, waited, answered, questions };
}

test("while no worker is warm one question is asked at a time, and again", async () => {
  const { workers, answered } = begin(7_000);
  await vi.advanceTimersByTimeAsync(6_900);
  expect(workers.most).toBe(1);
  expect(new Set(workers.asked.map(({ run }) => run))).toEqual(new Set(["a"]));
  expect(workers.asked.map(({ seconds }) => seconds)).toEqual([2, 3, 4]);
  expect(answered).toEqual([]);
});

test("as soon as a worker is warm every question is answered", async () => {
  const { answered } = begin(7_000);
  await vi.advanceTimersByTimeAsync(7_001);
  expect(answered).toEqual(["a", "b", "c"]);
});

test("the seconds of waiting are told one by one, and their end", async () => {
  const { waited } = begin(3_500);
  await vi.advanceTimersByTimeAsync(4_000);
  expect(waited).toEqual([1, 2, 3, null]);
});

test("who is answered within a second hears of no waiting", async () => {
  const { waited, answered } = begin(0);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(answered).toHaveLength(3);
  expect(waited.filter((seconds) => seconds !== null)).toEqual([]);
});

test("a question that nobody wants any more is not asked", async () => {
  const { workers, questions } = begin(2_500);
  const inspect = vi.spyOn(workers, "inspect");
  const unwanted = new AbortController();
  const answer = questions.inspect({}, { kind: "weights" }, unwanted.signal);
  unwanted.abort();
  await Promise.all([
    expect(answer).rejects.toBe(unwanted.signal.reason),
    vi.advanceTimersByTimeAsync(3_000),
  ]);
  expect(inspect).not.toHaveBeenCalled();
});

test("a refusal is passed on and holds nobody up", async () => {
  const { workers, questions, answered } = begin(0);
  workers.inspect = () => Promise.reject(new Refused(422, [], null, "no such layer"));
  const refused = questions.inspect({}, { kind: "weights" });
  const after = questions.inspectRun("d", { kind: "weights" });
  await Promise.all([
    expect(refused).rejects.toThrow("no such layer"),
    vi.advanceTimersByTimeAsync(1),
  ]);
  expect((await after).run).toBe("d");
  expect(answered).toEqual(["a", "b", "c"]);
});
