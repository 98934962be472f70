import type { Document, Json, RunRow } from "../wire/plan";
import type { MetricsBody, RewindBody, RunEvent, StatusBody } from "../wire/types";
import { isFinal } from "../run/run";
import { readFloat } from "../run/series";

/** A row as its run's newest events tell it. */
export function withEvents(row: RunRow, events: readonly RunEvent[]): RunRow {
  return events.reduce(withEvent, row);
}

function withEvent(row: RunRow, event: RunEvent): RunRow {
  if (event.number <= row.last_event) return row;
  const next = { ...row, last_event: event.number };
  const body: unknown = event.body;
  if (event.type === "metrics") return { ...next, ...metrics(row, body as MetricsBody) };
  if (event.type === "status") return { ...next, ...status(row, body as StatusBody, event.at) };
  if (event.type === "rewind") return { ...next, step: (body as RewindBody).to_step };
  return next;
}

function metrics(row: RunRow, body: MetricsBody): Partial<RunRow> {
  const latest = { ...row.latest };
  for (const [name, columns] of Object.entries(body.series ?? {})) {
    const last = columns.last[columns.last.length - 1];
    if (last !== undefined) latest[name] = last;
  }
  const { step, samples, elapsed } = body;
  return { step, samples, elapsed, latest };
}

function status(row: RunRow, body: StatusBody, at: string): Partial<RunRow> {
  const finished_at = isFinal(body.status) ? at : row.finished_at;
  const results = (body.results as RunRow["results"] | undefined) ?? row.results;
  return { status: body.status, reason: body.reason ?? null, results, finished_at };
}

/** The newest value of a series; undefined where there is none. */
export function figure(row: RunRow, series: string): number | undefined {
  const value = row.latest[series];
  return value === undefined ? undefined : readFloat(value);
}

/** The name of its data set. */
export function datasetOf({ document }: Pick<RunRow, "document">): string {
  const data = document["data"];
  const name = isObject(data) ? data["name"] : data;
  return typeof name === "string" ? name : "";
}

/** Epochs that a run has trained; null where the size of its training part is not known. */
export function epochsOf(row: RunRow): number | null {
  const data = row.resolved["data"] as { sizes?: Record<string, number> } | undefined;
  const size = data?.sizes?.["train"];
  return size ? row.samples / size : null;
}

const MOST_LAYERS = 5;

/** The layers of a document in a few signs, `8 tanh · 8 tanh · linear`; of several networks, their names. */
export function shortNet(document: Document): string {
  const plain = document["function"];
  if (isObject(plain)) return String(plain["expression"] ?? "");
  const several = document["networks"];
  if (isObject(several)) return Object.keys(several).join(" + ");
  const network = document["network"];
  const layers = isObject(network) ? network["layers"] : network;
  if (!Array.isArray(layers)) return "";
  const said = layers.map(shortLayer).filter(Boolean);
  if (said.length <= MOST_LAYERS) return said.join(" · ");
  return [...said.slice(0, MOST_LAYERS - 2), "…", said[said.length - 1]].join(" · ");
}

function shortLayer(layer: Json): string {
  if (typeof layer === "string") return layer;
  if (!isObject(layer)) return "";
  const [type, size] = [String(layer["type"] ?? ""), layer["units"] ?? layer["channels"]];
  const times = type === "repeat" && layer["times"] ? `× ${String(layer["times"])}` : "";
  const head = type === "linear" && size !== undefined ? "" : type;
  return [head, size, layer["activation"], times].filter(Boolean).map(String).join(" ");
}

function isObject(value: unknown): value is Record<string, Json> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
