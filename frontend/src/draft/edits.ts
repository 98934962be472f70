import { changedPlace } from "../history/history";
import type { Document, Json } from "../wire/plan";
import type { Changes } from "../wire/types";

/** A copy of a document with one place changed; missing objects on the way are made. */
export function withValue(document: Document, path: readonly string[], value: Json): Document {
  const [key, ...rest] = path;
  if (key === undefined) return document;
  const inner = document[key];
  return { ...document, [key]: rest.length ? withValue(asObject(inner), rest, value) : value };
}

/** A copy of a document without what stands at a place. */
export function withoutValue(document: Document, path: readonly string[]): Document {
  const [key, ...rest] = path;
  if (key === undefined || !(key in document)) return document;
  if (rest.length) return { ...document, [key]: withoutValue(asObject(document[key]), rest) };
  return Object.fromEntries(Object.entries(document).filter(([name]) => name !== key));
}

/** What stands at a place, or undefined. */
export function valueAt(document: Document, path: readonly string[]): Json | undefined {
  let here: Json | undefined = document;
  for (const key of path) here = asObject(here)[key];
  return here;
}

/** Another data set under the same network; the split stays, the old set's options do not. */
export function withDataset(document: Document, name: string): Document {
  const split = valueAt(document, ["data", "split"]);
  return { ...document, data: split === undefined ? { name } : { name, split } };
}

export function withOption(document: Document, option: string, value: Json): Document {
  return withValue(withNamedData(document), ["data", "options", option], value);
}

/** What is done to the inputs, one after the other; undefined leaves them as they are. */
export function withTransforms(document: Document, transforms: Json | undefined): Document {
  const path = ["data", "transforms"];
  if (transforms === undefined) return withoutValue(document, path);
  return withValue(withNamedData(document), path, transforms);
}

/** The data as an object where they are written as their name alone. */
function withNamedData(document: Document): Document {
  const { data } = document;
  return typeof data === "string" ? { ...document, data: { name: data } } : document;
}

/** Gives a share to training and the rest, less the test part, to validation. */
export function withTrainingShare(document: Document, train: number, test: number): Document {
  const rest = Math.max(0, Math.round((1 - train - test) * 1_000) / 1_000);
  const split = asObject(valueAt(document, ["data", "split"]));
  const shares = { ...split, train, validation: rest, test };
  return withValue(withNamedData(document), ["data", "split"], shares);
}

export function withLearningRate(document: Document, rate: number): Document {
  const optimizer = valueAt(document, ["train", "optimizer"]);
  if (typeof optimizer === "string") {
    const written = { type: optimizer, learning_rate: rate };
    return withValue(document, ["train", "optimizer"], written);
  }
  return withValue(document, ["train", "optimizer", "learning_rate"], rate);
}

export function withBatchSize(document: Document, size: number): Document {
  return withValue(document, ["train", "batch_size"], size);
}

/** Other points from the same source: everything random about the data follows its split's seed. */
export function withNewSample(document: Document): Document {
  const seed = valueAt(document, ["data", "split", "seed"]);
  return withValue(withNamedData(document), ["data", "split", "seed"], Number(seed ?? 0) + 1);
}

export function withEpochs(document: Document, epochs: number): Document {
  return withValue(document, ["train", "epochs"], epochs);
}

/** The document with what was changed in a running run. */
export function withChanges(document: Document, changes: Changes): Document {
  let changed = document;
  if (changes.learning_rate) changed = withLearningRate(changed, changes.learning_rate);
  if (changes.batch_size) changed = withBatchSize(changed, changes.batch_size);
  if (changes.l1 != null) changed = withValue(changed, ["train", "l1"], changes.l1);
  if (changes.l2 != null) changed = withValue(changed, ["train", "l2"], changes.l2);
  return changed;
}

const TUNABLE: Readonly<Record<string, readonly string[]>> = {
  learning_rate: ["train", "optimizer", "learning_rate"],
  batch_size: ["train", "batch_size"],
  l1: ["train", "l1"],
  l2: ["train", "l2"],
};

/** The changes that lead from one document to another; null where a run cannot take them. */
export function changesBetween(before: Document, after: Document): Changes | null {
  const changes: Changes = {};
  for (const [name, path] of Object.entries(TUNABLE)) {
    const [was, is] = [valueAt(before, path), valueAt(after, path)];
    if (was !== is && typeof is === "number") Object.assign(changes, { [name]: is });
  }
  if (!Object.keys(changes).length) return null;
  return changedPlace(withChanges(before, changes), after) === null ? changes : null;
}

export function withSeed(document: Document, seed: number): Document {
  return withValue(document, ["train", "seed"], seed);
}

function asObject(value: Json | undefined): Document {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? value : {};
}
