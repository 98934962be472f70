import type { Changes, Control } from "../wire/types";

interface Order {
  run: string;
  control: Control;
}

// What the service takes in one request.
const MOST_WEIGHTS = 64;

/**
 * What runs are told, one request after the other and in order. Changes of numbers that still wait
 * become one, so that a pause behind a slider has two requests before it at most.
 */
export class Orders {
  private readonly waiting: Order[] = [];
  private sent: Promise<void> = Promise.resolve();

  constructor(private readonly send: (run: string, control: Control) => Promise<void>) {}

  /** When all that was asked so far has been taken. */
  get settled(): Promise<void> {
    return this.sent;
  }

  add(run: string, control: Control): void {
    const last = this.waiting.at(-1);
    const both = last?.run === run ? joined(last.control, control) : null;
    if (last && both) last.control = both;
    else this.waiting.push({ run, control });
    this.sent = this.sent.then(() => this.next());
  }

  private async next(): Promise<void> {
    const order = this.waiting.shift();
    if (order) await this.send(order.run, order.control);
  }
}

/** One control for two changes of numbers; null where they have to be said apart. */
function joined(before: Control, after: Control): Control | null {
  if (before.action !== "set" || after.action !== "set") return null;
  const weights = [...(before.changes.weights ?? []), ...(after.changes.weights ?? [])];
  if (weights.length > MOST_WEIGHTS) return null;
  const changes: Changes = { ...before.changes, ...after.changes };
  return { action: "set", changes: weights.length ? { ...changes, weights } : changes };
}
