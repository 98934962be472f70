import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Restart } from "../../src/draft/restart";
import type { RunView } from "../../src/run/run";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const run = (status: string, elapsed: number) => ({ status, elapsed }) as RunView;

function made() {
  const begun = vi.fn();
  return { begun, restart: new Restart(begun) };
}

test("an edit of a run that trained for ten seconds or less begins it anew", () => {
  const { begun, restart } = made();
  restart.edited(run("running", 10));
  restart.planned();
  vi.advanceTimersByTime(1_000);
  expect(begun).toHaveBeenCalledOnce();
});

test("an older run, or one at rest, waits for Play", () => {
  const { begun, restart } = made();
  for (const parted of [run("running", 10.1), run("paused", 1), run("finished", 1)]) {
    restart.edited(parted);
    restart.planned();
    vi.advanceTimersByTime(1_000);
  }
  expect(begun).not.toHaveBeenCalled();
});

test("several edits in a row begin one run, after the last of them", () => {
  const { begun, restart } = made();
  restart.edited(run("running", 1));
  restart.planned();
  vi.advanceTimersByTime(100);
  restart.edited(null);
  vi.advanceTimersByTime(1_000);
  expect(begun).not.toHaveBeenCalled();
  restart.planned();
  vi.advanceTimersByTime(1_000);
  expect(begun).toHaveBeenCalledOnce();
});

test("nothing begins once somebody went elsewhere", () => {
  const { begun, restart } = made();
  restart.edited(run("running", 1));
  restart.planned();
  restart.cancel();
  vi.advanceTimersByTime(1_000);
  expect(begun).not.toHaveBeenCalled();
});
