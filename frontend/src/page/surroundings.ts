import type { Lost } from "../run/lost";
import type { Api } from "../wire/api";
import type { Document } from "../wire/plan";
import type { Listener, Stream } from "../wire/stream";

/** What a session asks of the service over HTTP. */
export type Service = Pick<
  Api,
  | "plan"
  | "inspect"
  | "inspectRun"
  | "create"
  | "fork"
  | "metrics"
  | "checkpoints"
  | "control"
  | "run"
  | "presets"
  | "words"
  | "launch"
>;

/** The parts of the browser that a session needs. */
export interface Surroundings {
  api: Service;
  openStream(listener: Listener): Stream;
  now(): number;
  go(address: string): void;
  /** Why a run cannot be shown; null where the reason is none of the run's. */
  lost(reason: unknown, run: string): Lost | null;
  /** The text that says a document and is otherwise as it was written; null where none was. */
  sourceOf(document: Document, written: string | null): Promise<string | null>;
}
