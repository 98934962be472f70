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
  | "runs"
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
  /** The text that says a document and is otherwise as it was written; null where none was. */
  sourceOf(document: Document, written: string | null): Promise<string | null>;
}
