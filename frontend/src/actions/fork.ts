import { valueAt, withEpochs, withLearningRate } from "../draft/edits";
import { learningRate, type State } from "../page/state";
import type { Effect } from "./action";

const GENTLER = 10;

/** Goes on where a finished run ended, for as many epochs again; a stopped one to its own end. */
export function trainOn(state: State): Effect {
  const { run, document, plan } = state;
  if (!run || !plan) return { do: "nothing" };
  const epochs = Number(valueAt(document, ["train", "epochs"]) ?? plan.train.epochs);
  const longer = withEpochs(document, 2 * epochs);
  return { do: "fork", step: run.step, document: run.status === "finished" ? longer : document };
}

/** Back to before the loss was lost, with a tenth of the learning rate. */
export function backWithLess(state: State): Effect {
  if (!state.run) return { do: "nothing" };
  return { do: "fork", step: state.backTo ?? 0, document: gentler(state) };
}

/** The learning rate that the remedies set. */
export function gentlerRate(state: State): number {
  return Number((learningRate(state) / GENTLER).toPrecision(3));
}

/** What is on the page with a tenth of the learning rate. */
export function gentler(state: State): State["document"] {
  return withLearningRate(state.document, gentlerRate(state));
}
