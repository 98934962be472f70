import { changedPlace } from "../history/history";
import type { Document, Preset, RunRow } from "../wire/plan";
import { datasetOf, shortNet } from "./row";

/** The name that a person gave; null for the title of a preset, or none: such a run expires. */
export function givenName(title: string, presets: readonly Preset[]): string | null {
  return title && !presets.some(({ name }) => name === title) ? title : null;
}

/** The title of a run's document: as it was named, else the preset that it comes from. */
export function titleOfRow(
  { name, scratch, document }: Pick<RunRow, "name" | "scratch" | "document">,
  presets: readonly Preset[],
): string {
  const own = document["name"];
  // The service calls an unnamed run by its document, and one that was pinned is kept so.
  if (!scratch && name !== (own ?? datasetOf({ document }))) return name;
  return presets.find((preset) => own && preset.document["name"] === own)?.name ?? "";
}

/** What tells a document from others of its kind: `spiral · 8 tanh · linear`. */
export function shortTitle(document: Document): string {
  return [datasetOf({ document }), shortNet(document)].filter(Boolean).join(" · ");
}

/** Whether the network and the kind of data are still the preset's; its name says no more. */
export function isAsPreset(document: Document, preset: Preset): boolean {
  const [network, given] = [document["network"] ?? null, preset.document["network"] ?? null];
  const sameData = datasetOf({ document }) === datasetOf(preset);
  return sameData && changedPlace(given, network) === null;
}
