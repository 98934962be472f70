// Generated from the server's schema by `npm run types`; not to be edited.

/** Loss and metrics of a part with and without some units of a layer, whose outputs become 0. */
export interface AblationProbe {
  kind: "ablation";
  layer: string;
  part?: "train" | "validation" | "test";
  units?: number[] | null;
}

/** How many frames were drawn since the socket was opened. */
export interface Ack {
  frames: number;
  type: "ack";
}

/** Shares of dead and active units a layer, of saturated answers where the function has limits. */
export interface ActivityProbe {
  kind: "activity";
}

export interface ArtifactPublic {
  created_at: string;
  hash: string;
  id: string;
  kind: string;
  name: string;
  size: number;
}

export interface Artifacts {
  artifacts: ArtifactPublic[];
}

/** Sign in by token; first of all, and only where there is no cookie. */
export interface Auth {
  token: string;
  type: "auth";
}

/** Over the seeds of a setting, by step: their mean, the least, the greatest, how many. */
export interface BandColumns {
  count: number[];
  max: (number | string)[];
  mean: (number | string)[];
  min: (number | string)[];
  step: number[];
}

/** What the next batch will do, before it is taken: values, gradients, updates of every number. */
export interface BatchProbe {
  kind: "batch";
}

/** One cell of the confusion matrix: the true class and the answer, as indices. */
export interface Cell {
  answer: number;
  truth: number;
}

/** Numbers that change inside a running run. `speed` is in steps a second, 0 for no limit. */
export interface Changes {
  batch_size?: number | null;
  l1?: number | null;
  l2?: number | null;
  learning_rate?: number | null;
  speed?: number | null;
  weights?: WeightEdit[] | null;
}

export interface CheckpointBody {
  checkpoint: string;
  kept: boolean;
  samples: number;
  size: number;
  step: number;
}

export interface CheckpointPublic {
  created_at: string;
  id: string;
  kept: boolean;
  samples: number;
  size: number;
  step: number;
}

export interface Checkpoints {
  checkpoints: CheckpointPublic[];
}

/** Points of one series, column by column. A point is a block of steps. */
export interface Columns {
  count: number[];
  first_step: number[];
  last: (number | string)[];
  last_step: number[];
  max: (number | string)[];
  mean: (number | string)[];
  min: (number | string)[];
}

/** Counts [classes, classes], rows the true class, columns the answer, over one part. */
export interface ConfusionProbe {
  kind: "confusion";
  part?: "train" | "validation" | "test";
}

export type Control = Play | Pause | Step | Stop | Set;

/** A control took effect before step `step + 1`. */
export interface ControlBody {
  body: Record<string, unknown>;
  control: string;
  step: number;
}

/** A control as it was asked for; it took effect before step `applied_step + 1`. */
export interface ControlPublic {
  applied_at: string | null;
  applied_step: number | null;
  body: Record<string, unknown>;
  id: string;
  requested_at: string;
}

export interface Controls {
  controls: ControlPublic[];
}

export interface Datasets {
  datasets: (Record<string, unknown>)[];
}

/** A plain function over a window around 0, and the way of its descent so far. */
export interface DescentProbe {
  extent?: number | null;
  kind: "descent";
  resolution?: number;
}

/** A document to be written as a program of another kind. */
export interface DraftExport {
  document: Record<string, unknown>;
  format: "pytorch";
}

/** A question about a network that nobody has trained. */
export interface DraftInspect {
  document: Record<string, unknown>;
  probe: FieldProbe | UnitFieldsProbe | UnitsProbe | MapsProbe | KernelsProbe | WeightsProbe | NormsProbe | ConfusionProbe | SamplesProbe | AblationProbe | GeneratedProbe | ActivityProbe | BatchProbe | SumProbe | InsideProbe | DescentProbe | SurfaceProbe;
  seed?: number | null;
}

/** Consecutive events of one run; the first follows the last one sent. */
export interface Events {
  events: RunEvent[];
  run: string;
  type: "events";
}

/** The output over the plane of a two-dimensional input: [outputs, resolution, resolution], row 0 on top. */
export interface FieldProbe {
  extent?: number;
  kind: "field";
  network?: string | null;
  resolution?: number;
}

/** One array of a frame: `offset` bytes into the body, row-major. Of a `u8` array the value is `low + value / 255 * (high - low)`, with one bound, or one for each index of the first axis. */
export interface FrameArray {
  dtype: "u8" | "f2" | "f4" | "i4";
  high?: number | number[] | null;
  low?: number | number[] | null;
  name: string;
  offset: number;
  shape: number[];
}

/** The msgpack head of a frame, behind four bytes with its length. */
export interface FrameHead {
  arrays: FrameArray[];
  epoch: number;
  kind: string;
  meta: Record<string, unknown>;
  probe: string;
  run: string | null;
  step: number;
  v: 1;
}

export type FromPage = Auth | Subscribe | Unsubscribe | Watch | Ack;

/** What a call gives for fixed noise, beside real samples; of several networks. */
export interface GeneratedProbe {
  call?: string | null;
  count?: number;
  kind: "generated";
  label?: number | null;
  step?: string | null;
}

/** What a member is judged by: the best of a series, or its last value. */
export interface Goal {
  direction?: "minimize" | "maximize";
  series: string;
  take?: "best" | "last";
}

export interface Health {
  status: "ok";
  version: string;
}

/** Events with numbers behind `after`, in order and without a gap. */
export interface HttpEvents {
  events: RunEvent[];
}

/** Whether the service can take and train a run now. */
export interface HttpReady {
  database: boolean;
  redis: boolean;
  status: "ready" | "waiting";
  workers: number;
}

/** What goes on inside layers: one array `{layer}.{part}` for each part of each of them. */
export interface InsideProbe {
  kind: "inside";
  layers: string[];
  sample?: Sample;
}

/** The kernels of a convolution: [filters, channels / groups, height, width]. */
export interface KernelsProbe {
  kind: "kernels";
  layer: string;
  of?: "weights" | "gradients";
}

export interface LaunchCode {
  code: string;
}

export interface Layers {
  composites: (Record<string, unknown>)[];
  data: Record<string, unknown>;
  layers: (Record<string, unknown>)[];
  train: Record<string, unknown>;
}

/** Everything that had happened has been sent; from here on events come as they happen. */
export interface Live {
  run: string;
  type: "live";
}

/** The feature maps of each layer with a picture as output, or of one: [channels, height, width]. */
export interface MapsProbe {
  kind: "maps";
  layer?: string | null;
  network?: string | null;
  sample?: Sample;
}

/** The series of a run after its rewinds, column by column. */
export interface Metrics {
  series: Record<string, Columns>;
}

export interface MetricsBody {
  elapsed: number;
  samples: number;
  series: Record<string, Columns>;
  step: number;
}

/** Per layer with parameters: root mean square of weights, of the last gradient and of the last update. */
export interface NormsProbe {
  kind: "norms";
}

/** One operation of a JSON patch (RFC 6902) against the parent's document. */
export interface Operation {
  op: "add" | "remove" | "replace";
  path: string;
  value?: unknown;
}

/** Stop before the next step and keep everything in memory. */
export interface Pause {
  action: "pause";
}

/** Train until the end of the budget. */
export interface Play {
  action: "play";
  ramp?: boolean;
}

export interface Presets {
  presets: (Record<string, unknown>)[];
}

export type Probe = FieldProbe | UnitFieldsProbe | UnitsProbe | MapsProbe | KernelsProbe | WeightsProbe | NormsProbe | ConfusionProbe | SamplesProbe | AblationProbe | GeneratedProbe | ActivityProbe | BatchProbe | SumProbe | InsideProbe | DescentProbe | SurfaceProbe;

/** RFC 9457. `detail` is English, `text` in the language of Accept-Language. */
export interface ProblemDocument {
  code: string;
  detail: string;
  hint?: string | null;
  left_out?: number;
  params: Record<string, unknown>;
  problems: ProblemItem[];
  request: string;
  status: number;
  text: string;
  title: string;
  type: string;
}

/** One fault: what is wrong, where in what was sent, and what would mend it. */
export interface ProblemItem {
  code: string;
  expected?: string | null;
  fix?: (Record<string, unknown>)[] | null;
  got?: string | null;
  hint?: string | null;
  layer?: string | null;
  message: string;
  params: Record<string, unknown>;
  path: string;
  text?: string | null;
}

/** When a member that does worse than the others ends early. */
export interface Prune {
  after?: number;
  every?: number;
  rule?: "median" | "halving";
}

/** After `epochs` a member of a sweep is worse than `bar`, the median of `others`, and ends. */
export interface PrunedBody {
  bar: number | string | null;
  epochs: number;
  others: number;
  series: string;
  step: number;
  value: number | string | null;
}

/** Where a run waits: how many stand before it, and whether its worker was lost. */
export interface Queue {
  ahead: number;
  holder_lost?: boolean;
}

/** A place that takes numbers between two bounds; whole ones where both bounds are whole. */
export interface Range {
  high: number;
  log?: boolean;
  low: number;
  path: string;
  step?: number | null;
}

/** The socket is open; who has no cookie signs in now. */
export interface Ready {
  protocol: "gradus.v1";
  type: "ready";
}

/** The run goes on from `to_step`; points of older epochs behind it are dropped by readers. */
export interface RewindBody {
  reason: "child_lost" | "machine_lost" | "resumed" | "damaged_checkpoint" | string;
  to_step: number;
}

/** A run to be queued. `start` says how far it trains before it pauses by itself; `ramp` is `run` for somebody who looks: 4 steps a second at first, doubling every 0.6 s. */
export interface RunCreate {
  document: Record<string, unknown>;
  layout?: Record<string, unknown> | null;
  name?: string | null;
  pair?: Record<string, unknown> | null;
  parent?: string | null;
  parent_step?: number | null;
  source?: string | null;
  start?: "run" | "ramp" | "batch" | "epoch" | "paused";
  tags?: string[];
  watch?: (FieldProbe | UnitFieldsProbe | UnitsProbe | MapsProbe | KernelsProbe | WeightsProbe | NormsProbe | ConfusionProbe | SamplesProbe | AblationProbe | GeneratedProbe | ActivityProbe | BatchProbe | SumProbe | InsideProbe | DescentProbe | SurfaceProbe)[];
}

/** One entry of a run's log as it travels. */
export interface RunEvent {
  at: string;
  body: Record<string, unknown>;
  epoch: number;
  number: number;
  run: string;
  type: string;
}

/** A child of a run: from its newest checkpoint at or before `step`, or from its beginning. */
export interface RunFork {
  changes?: Operation[] | null;
  document?: Record<string, unknown> | null;
  name?: string | null;
  source?: string | null;
  start?: "run" | "ramp" | "batch" | "epoch" | "paused";
  step?: number | null;
  watch?: (FieldProbe | UnitFieldsProbe | UnitsProbe | MapsProbe | KernelsProbe | WeightsProbe | NormsProbe | ConfusionProbe | SamplesProbe | AblationProbe | GeneratedProbe | ActivityProbe | BatchProbe | SumProbe | InsideProbe | DescentProbe | SurfaceProbe)[];
}

/** A question about a run: as it is now, or at its newest checkpoint at or before `step`. */
export interface RunInspect {
  probe: FieldProbe | UnitFieldsProbe | UnitsProbe | MapsProbe | KernelsProbe | WeightsProbe | NormsProbe | ConfusionProbe | SamplesProbe | AblationProbe | GeneratedProbe | ActivityProbe | BatchProbe | SumProbe | InsideProbe | DescentProbe | SurfaceProbe;
  step?: number | null;
}

/** Newest first; `next` is the cursor of the next page, null at the end. */
export interface RunPage {
  next: string | null;
  runs: RunPublic[];
}

/** What a person may change of a run at any time; a name or a pin keeps it from expiring. */
export interface RunPatch {
  layout?: Record<string, unknown> | null;
  name?: string | null;
  pinned?: boolean | null;
  tags?: string[] | null;
}

/** A run as it is told to whoever may read it. */
export interface RunPublic {
  beside?: string[];
  created_at: string;
  document: Record<string, unknown>;
  elapsed: number;
  expires_at: string | null;
  finished_at: string | null;
  goal: Record<string, number> | null;
  id: string;
  identity: Record<string, unknown> | null;
  inexact: boolean;
  last_event: number;
  latest: Record<string, number | string>;
  layout: Record<string, unknown> | null;
  name: string;
  parameters?: number | null;
  parent: string | null;
  parent_step: number | null;
  pinned: boolean;
  plan?: Record<string, unknown> | null;
  queue?: Queue | null;
  reason: string | null;
  resolved: Record<string, unknown>;
  results: Record<string, number | string | number[][]> | null;
  samples: number;
  scratch: boolean;
  seed: number;
  source: string | null;
  spec_hash: string;
  speed: number;
  started_at: string | null;
  status: Status;
  step: number;
  sweep?: RunSweep | null;
  tags: string[];
}

/** Of which sweep a run is a member, and what it was given there. */
export interface RunSweep {
  id: string;
  index: number;
  setting: number;
  values: Record<string, unknown>;
}

/** A run with its ancestors and all that came of them, oldest first. */
export interface RunTree {
  runs: RunPublic[];
}

/** One sample of one part of the data, or an input of one's own. */
export interface Sample {
  index?: number;
  part?: "train" | "validation" | "test";
  values?: number[] | null;
}

/** Samples of the data with their targets. */
export interface SamplesProbe {
  cell?: Cell | null;
  count?: number;
  judged?: boolean;
  kind: "samples";
  order?: "index" | "class" | "loss" | "wrong";
  part?: "train" | "validation" | "test";
  start?: number;
}

export interface Set {
  action: "set";
  changes: Changes;
}

/** A link by which anybody may read one run. */
export interface ShareCreate {
  days?: number | null;
}

/** `secret` is shown this once; `url` is the link to hand on. */
export interface ShareCreated {
  created_at: string;
  expires_at: string | null;
  id: string;
  secret: string;
  url: string;
}

export interface SharePublic {
  created_at: string;
  expires_at: string | null;
  id: string;
}

export interface Shares {
  shares: SharePublic[];
}

/** What could not be done; the same object as in a problem answer over HTTP. */
export interface SocketProblem {
  problem: Record<string, unknown>;
  run?: string | null;
  type: "problem";
}

export type Status = "queued" | "running" | "paused" | "waiting" | "finished" | "failed" | "stopped";

export interface StatusBody {
  params?: Record<string, unknown>;
  reason?: string | null;
  results?: Record<string, number | string | number[][]> | null;
  status: Status;
  step?: number;
}

/** Train `count` batches, or to the end of the `count`-th next epoch, then pause. */
export interface Step {
  action: "step";
  count?: number;
  unit?: "batch" | "epoch";
}

/** End the run; what it learned stays. */
export interface Stop {
  action: "stop";
}

/** Send the events behind number `after`, then what comes; `share` is the secret of a link. */
export interface Subscribe {
  after?: number;
  run: string;
  share?: string | null;
  type: "subscribe";
}

/** How one number of a layer's output came to be: the largest terms behind it, step by step. */
export interface SumProbe {
  kind: "sum";
  layers: string[];
  place?: number;
  sample?: Sample;
  unit?: number;
}

/** The loss of a network of two trainable numbers over a window of them. */
export interface SurfaceProbe {
  high?: [number, number] | null;
  kind: "surface";
  low?: [number, number] | null;
  resolution?: number;
}

export interface SweepBand {
  columns: BandColumns;
  setting: number;
  values: Record<string, unknown>;
}

/** The best member so far by the sweep's goal. */
export interface SweepBest {
  goal: number | string;
  index: number;
  run: string;
  setting: number;
  values: Record<string, unknown>;
}

/** What is asked of all members at once. `stop` ends them; what they learned stays. */
export interface SweepControl {
  action: "pause" | "play" | "stop";
}

/** How many members stand how. `pruned` ended early for being worse than the others, `refused` were never made: an algorithm chose values that cannot be planned. */
export interface SweepCounts {
  failed?: number;
  finished?: number;
  paused?: number;
  pruned?: number;
  queued?: number;
  refused?: number;
  running?: number;
  stopped?: number;
  waiting?: number;
}

/** A document to be trained many times, with other values at the places under `vary`. All members are planned before anything is made; a grid takes values, the other methods ranges too. */
export interface SweepCreate {
  at_once?: number | null;
  document: Record<string, unknown>;
  goal?: Goal | null;
  members?: number | null;
  method?: "grid" | "random" | "tpe" | "cmaes" | "qmc";
  name?: string | null;
  prune?: Prune | null;
  seed?: number;
  seeds?: number;
  tags?: string[];
  vary: (Values | Range)[];
}

/** One run of a sweep; `goal` is what it is judged by, null where nothing is known yet. */
export interface SweepMember {
  epoch: number;
  goal: number | string | null;
  index: number;
  parameters: number;
  reason: string | null;
  run: string;
  seed: number;
  setting: number;
  status: string;
  step: number;
  values: Record<string, unknown>;
}

export interface SweepMembers {
  members: SweepMember[];
}

/** One series of every setting. */
export interface SweepMetrics {
  series: string;
  settings: SweepBand[];
}

/** Newest first; `next` is the cursor of the next page, null at the end. */
export interface SweepPage {
  next: string | null;
  sweeps: SweepPublic[];
}

/** What a person may change of a sweep at any time; a name keeps it from expiring. */
export interface SweepPatch {
  name?: string | null;
  tags?: string[] | null;
}

/** A sweep as it is told to whoever may read it. `members` is how many there will be: settings times seeds. */
export interface SweepPublic {
  at_once: number | null;
  best: SweepBest | null;
  counts: SweepCounts;
  created_at: string;
  document: Record<string, unknown>;
  expires_at: string | null;
  finished_at: string | null;
  goal: Goal;
  id: string;
  members: number;
  method: "grid" | "random" | "tpe" | "cmaes" | "qmc";
  name: string;
  prune: Prune | null;
  refused: SweepRefused[];
  scratch: boolean;
  seed: number;
  seeds: number;
  settings: number;
  status: "running" | "paused" | "finished" | "stopped";
  tags: string[];
  vary: (Values | Range)[];
}

/** A setting that an algorithm chose and that cannot be planned; it counts as failed. */
export interface SweepRefused {
  problems: ProblemItem[];
  setting: number;
  values: Record<string, unknown>;
}

/** One tensor of a file; `dtype` as safetensors calls it. */
export interface TensorPublic {
  dtype: string;
  name: string;
  shape: number[];
}

export type ToPage = Ready | Events | Live | SocketProblem;

/** The same for every unit of every layer: one array a layer, [units, resolution, resolution]. */
export interface UnitFieldsProbe {
  extent?: number;
  kind: "unit_fields";
  network?: string | null;
  resolution?: number;
}

/** The output of each layer, or of one, for a sample: one array a layer, in its own shape. */
export interface UnitsProbe {
  kind: "units";
  layer?: string | null;
  network?: string | null;
  sample?: Sample;
}

export interface Unsubscribe {
  run: string;
  type: "unsubscribe";
}

/** A file that was kept, with what it holds. */
export interface Upload {
  hash: string;
  name: string;
  size: number;
  tensors: TensorPublic[];
}

/** A place that takes each of some values. */
export interface Values {
  path: string;
  values: unknown[];
}

export interface VerdictBody {
  code: string;
  params?: Record<string, unknown>;
  step?: number;
}

/** Hashes of the state at `step`, as kept and as computed again. A run that is `inexact` was moved between unlike machines, so a difference is no surprise there. */
export interface Verified {
  found: string;
  inexact: boolean;
  kept: string;
  run: string;
  same: boolean;
  step: number;
}

/** What this viewer wants to see of a run, in place of what it wanted before. */
export interface Watch {
  probes: (FieldProbe | UnitFieldsProbe | UnitsProbe | MapsProbe | KernelsProbe | WeightsProbe | NormsProbe | ConfusionProbe | SamplesProbe | AblationProbe | GeneratedProbe | ActivityProbe | BatchProbe | SumProbe | InsideProbe | DescentProbe | SurfaceProbe)[];
  run: string;
  type: "watch";
}

/** One number of one parameter, set by hand: `index` counts from 0 along each axis. */
export interface WeightEdit {
  index: number[];
  name: string;
  value: number;
}

/** Every parameter and buffer by its full name, float16; nets of at most 50,000 parameters. */
export interface WeightsProbe {
  kind: "weights";
}

/** One catalogue for the page: every code that the service uses, with its `{params}`. */
export interface Words {
  language: string;
  words: Record<string, string>;
}

export interface Zoo {
  networks: (Record<string, unknown>)[];
}
