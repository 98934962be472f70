import { decodeFrame, type Picture } from "./frame";
import type { Probe, RunEvent, ToPage } from "./types";

export type Connection = "connecting" | "open" | "reconnecting" | "offline";

/** Whether the line is down for longer than one would not notice. */
export function isBroken(connection: Connection): boolean {
  return connection === "reconnecting" || connection === "offline";
}

/** The part of a WebSocket that the stream needs, so that tests can hand in their own. */
export interface Socket {
  binaryType: BinaryType;
  readyState: number;
  onopen: ((event: Event) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  send(text: string): void;
  close(): void;
}

export interface Listener {
  events(run: string, events: RunEvent[]): void;
  live(run: string): void;
  picture(picture: Picture): void;
  connection(connection: Connection): void;
  /** The service refuses something, in its words. */
  refused(sentence: string): void;
}

export interface Clock {
  after(milliseconds: number, call: () => void): () => void;
  random(): number;
}

const OPEN = 1;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 8_000;
// A short break heals unseen; only a longer one is said.
const SILENT_BREAK_MS = 1_500;
const OFFLINE_AFTER_MS = 15_000;

export const systemClock: Clock = {
  after(milliseconds, call) {
    const timer = setTimeout(call, milliseconds);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};

/**
 * One socket for all that the page follows. It keeps a cursor for each run, asks again after
 * it when the line broke, and passes on every event exactly once and in order.
 */
export class Stream {
  private socket: Socket | null = null;
  private attempts = 0;
  private framesDrawn = 0;
  private closed = false;
  private readonly cursors = new Map<string, number>();
  private readonly watched = new Map<string, Probe[]>();
  private readonly refilling = new Set<string>();
  private pending: (() => void)[] = [];

  constructor(
    private readonly open: () => Socket,
    private readonly listener: Listener,
    private readonly clock: Clock = systemClock,
    private readonly share: () => string | null = () => null,
  ) {}

  /** Follows a run from the first event behind `after`. */
  follow(run: string, after = 0): void {
    this.cursors.set(run, after);
    if (this.socket) this.subscribe(run);
    else this.connect();
  }

  leave(run: string): void {
    this.cursors.delete(run);
    this.watched.delete(run);
    this.say({ type: "unsubscribe", run });
  }

  /** Replaces the pictures wanted of a run, followed or not; an empty list ends them. */
  watch(run: string, probes: Probe[]): void {
    this.watched.set(run, probes);
    if (this.socket) this.say({ type: "watch", run, probes });
    else this.connect();
  }

  /** Tells how many frames were drawn, so that a slow page is sent fewer. */
  acknowledge(drawn: number): void {
    this.framesDrawn += drawn;
    this.say({ type: "ack", frames: this.framesDrawn });
  }

  close(): void {
    this.closed = true;
    this.forgetTimers();
    this.socket?.close();
    this.socket = null;
  }

  private connect(): void {
    const socket = this.open();
    socket.binaryType = "arraybuffer";
    socket.onmessage = (message) => this.receive(message.data as string | ArrayBuffer);
    socket.onclose = () => this.lost(socket);
    this.socket = socket;
  }

  private receive(message: string | ArrayBuffer): void {
    if (typeof message !== "string") this.listener.picture(decodeFrame(message));
    else this.understand(JSON.parse(message) as ToPage);
  }

  private understand(message: ToPage): void {
    if (message.type === "ready") this.ready();
    else if (message.type === "events") this.pass(message.run, message.events);
    else if (message.type === "live") this.listener.live(message.run);
    else if (message.type === "problem") this.listener.refused(String(message.problem["detail"]));
  }

  private ready(): void {
    this.attempts = 0;
    this.framesDrawn = 0;
    this.forgetTimers();
    this.listener.connection("open");
    for (const run of this.cursors.keys()) this.subscribe(run);
    for (const [run, probes] of this.watched) {
      if (!this.cursors.has(run)) this.say({ type: "watch", run, probes });
    }
  }

  private subscribe(run: string): void {
    this.refilling.delete(run);
    const share = this.share();
    const after = this.cursors.get(run) ?? 0;
    this.say({ type: "subscribe", run, after, ...(share === null ? {} : { share }) });
    const probes = this.watched.get(run);
    if (probes) this.say({ type: "watch", run, probes });
  }

  private pass(run: string, events: RunEvent[]): void {
    const cursor = this.cursors.get(run);
    if (cursor === undefined) return;
    const fresh = events.filter((event) => event.number > cursor);
    const first = fresh[0];
    if (!first) return;
    if (first.number > cursor + 1) return this.refill(run);
    this.refilling.delete(run);
    this.cursors.set(run, fresh[fresh.length - 1]?.number ?? cursor);
    this.listener.events(run, fresh);
  }

  /** Asks once for what is missing; what arrives meanwhile comes again with the answer. */
  private refill(run: string): void {
    if (this.refilling.has(run)) return;
    this.subscribe(run);
    this.refilling.add(run);
  }

  private lost(socket: Socket): void {
    if (this.closed || socket !== this.socket) return;
    this.socket = null;
    if (this.attempts === 0) this.announceBreak();
    this.clock.after(this.wait(), () => {
      // Somebody who follows another run meanwhile has not waited for it.
      if (!this.closed && !this.socket) this.connect();
    });
    this.attempts += 1;
  }

  private announceBreak(): void {
    this.forgetTimers();
    this.pending = [
      this.clock.after(SILENT_BREAK_MS, () => this.listener.connection("reconnecting")),
      this.clock.after(OFFLINE_AFTER_MS, () => this.listener.connection("offline")),
    ];
  }

  private forgetTimers(): void {
    for (const forget of this.pending) forget();
    this.pending = [];
  }

  /** Doubling with jitter, so that a restarted server is not met by all pages at once. */
  private wait(): number {
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.attempts);
    return longest * (0.5 + this.clock.random() / 2);
  }

  private say(message: object): void {
    if (this.socket?.readyState === OPEN) this.socket.send(JSON.stringify(message));
  }
}

/** Opens the service's socket from a page's own address. */
export function openSocket(location: Location): Socket {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  return new WebSocket(`${scheme}://${location.host}/api/v1/stream`, "gradus.v1");
}
