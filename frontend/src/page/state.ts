import { valueAt } from "../draft/edits";
import type { Window } from "../descent/window";
import type { Mode } from "../painting/probes";
import type { Lost } from "../run/lost";
import type { RunView } from "../run/run";
import type { Past } from "../timeline/timeline";
import type { Sentences } from "../words/catalogue";
import type { Connection } from "../wire/stream";
import type { Document, Plan, Preset, Problem } from "../wire/plan";
import type { Sample } from "../wire/types";

export type Scale = "unit" | "layer" | "network";

/** A unit, a map or a whole card that the person points at or has chosen. */
export interface Spot {
  card: string;
  index: number;
  /** One number of a map, counted row by row. */
  pixel?: number;
}

/** A unit, or with `unit` null a whole layer, that is looked at as if it gave nothing but zeros. */
export interface Struck {
  card: string;
  layer: string;
  unit: number | null;
}

/** Which samples stand in the grid, and in which order. */
export interface Choice {
  order: "index" | "class" | "loss" | "wrong";
  cell: { truth: number; answer: number } | null;
}

/** An input in place of the chosen sample: drawn by hand, moved by pixels, or pointed at in the grid. */
export interface Own {
  from: "pad" | "sample" | "preview";
  values: Float32Array;
  right: number;
  down: number;
}

/** A place on the plane, in the data's own units. */
export interface Point {
  x: number;
  y: number;
}

/** A failure that is nobody's spec: what went wrong and where to look it up. */
export interface Notice {
  text: string;
  request: string | null;
}

export interface State {
  page: "play" | "runs" | "sweeps";
  /** The sweep that the address names; null for the list of them. */
  sweep: string | null;
  /** The run is read by a link: it is looked at, and nothing of it is changed. */
  guest: boolean;
  /** The address leads to nothing that can be shown. */
  lost: Lost | null;
  document: Document;
  /** The text that the document was last written as by hand; edits of the picture are not in it. */
  source: string | null;
  title: string;
  plan: Plan | null;
  problems: Problem[];
  /** The text tab holds words that do not read as a document. */
  unread: boolean;
  /** The run on show, as it is or as it was at the past moment. */
  run: RunView | null;
  past: Past | null;
  /** How many edits can be taken back, and made again. */
  undos: number;
  redos: number;
  /** The card whose form is open. */
  opened: string | null;
  /** Composites of a deep net that are opened, the outer ones before the inner. */
  unfolded: readonly string[];
  /** The run that the draft was made from by an edit. */
  parent: string | null;
  /** The kept step of that run at which it was looked at; null for a run of its own. */
  parentStep: number | null;
  /** The newest kept step before the loss of the run was lost; null where none was kept. */
  backTo: number | null;
  connection: Connection;
  /** A request to begin is on its way. */
  beginning: boolean;
  /** Seconds for which a worker has been waited for; null while none is. */
  wakingFor: number | null;
  launchFailed: boolean;
  notice: Notice | null;
  mode: Mode;
  scale: Scale;
  left: "data" | "text";
  sample: Required<Omit<Sample, "values">>;
  choice: Choice;
  own: Own | null;
  struck: Struck | null;
  spot: Spot | null;
  /** The unit whose numbers are set by hand; `from` is the unit before it, null for the bias. */
  handOn: (Spot & { from: number | null }) | null;
  /** Where the pointer stands on the large field. */
  point: Point | null;
  heldOut: boolean;
  /** The window in which the loss of two numbers is looked at; null while the output is. */
  surface: Window | null;
  /** The output picture shows what is decided, not how surely. */
  discretized: boolean;
  logarithmic: boolean;
  /** One batch is wanted in slow motion, and goes on for as long. */
  slow: boolean;
  /** The health of the layers is being looked at. */
  health: boolean;
  keysShown: boolean;
  /** Whether anybody can see the page. */
  visible: boolean;
  /** Layers whose insides are looked at. */
  inside: readonly string[];
  /** The same of a card whose parts are shown one by one. */
  looked: readonly string[];
  /** The list of what B may have otherwise. */
  pairMenu: boolean;
  /** A sweep is being made, over the field at `path` or over what is tried first. */
  sweeping: { path: string | null } | null;
  presets: Preset[];
  /** The service's own words in the language of the page. */
  sentences: Sentences;
}

export const INITIAL: State = {
  page: "play",
  sweep: null,
  guest: false,
  lost: null,
  document: {},
  source: null,
  title: "",
  plan: null,
  problems: [],
  unread: false,
  run: null,
  past: null,
  undos: 0,
  redos: 0,
  opened: null,
  unfolded: [],
  parent: null,
  parentStep: null,
  backTo: null,
  connection: "connecting",
  beginning: false,
  wakingFor: null,
  launchFailed: false,
  notice: null,
  mode: "values",
  scale: "unit",
  left: "data",
  sample: { part: "validation", index: 0 },
  choice: { order: "class", cell: null },
  own: null,
  struck: null,
  spot: null,
  handOn: null,
  point: null,
  heldOut: true,
  surface: null,
  discretized: false,
  logarithmic: true,
  slow: false,
  health: false,
  keysShown: false,
  visible: true,
  inside: [],
  looked: [],
  pairMenu: false,
  sweeping: null,
  presets: [],
  sentences: {},
};

/** What is pointed at in one net means nothing in another. */
export const UNPOINTED: Pick<State, "sample" | "choice" | "own" | "struck" | "spot" | "unfolded"> =
  {
    sample: INITIAL.sample,
    choice: INITIAL.choice,
    own: null,
    struck: null,
    spot: null,
    unfolded: INITIAL.unfolded,
  };

/** The learning rate that holds now: of the running run, else of the plan, else of the text. */
export function learningRate(state: State): number {
  const planned = state.plan?.train.optimizer["learning_rate"];
  const written = valueAt(state.document, ["train", "optimizer", "learning_rate"]);
  return state.run?.changes.learning_rate ?? (Number(written ?? planned) || 0.01);
}

export function batchSize(state: State): number {
  const written = valueAt(state.document, ["train", "batch_size"]);
  const planned = state.plan?.train.batch_size ?? 32;
  return state.run?.changes.batch_size ?? (typeof written === "number" ? written : planned);
}

/** The epoch figure: samples drawn so far over the size of the training part. */
export function epochs(state: State): number {
  const size = state.plan?.data?.sizes["train"] ?? 0;
  return state.run && size > 0 ? state.run.samples / size : 0;
}
