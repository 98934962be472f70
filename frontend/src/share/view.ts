import { INITIAL, type Scale, type State } from "../page/state";
import type { Mode } from "../painting/probes";

/** What an address says about how its page is looked at. */
export type View = Pick<
  State,
  "mode" | "scale" | "left" | "sample" | "heldOut" | "logarithmic" | "opened"
>;

const MODES: readonly Mode[] = ["values", "weights", "gradients"];
const SCALES: readonly Scale[] = ["unit", "layer", "network"];
const CARD = /^[\w/.-]{1,200}$/;
const PARTS = ["train", "validation", "test"] as const;

/** The query of a view; what is as at first is left out. */
export function writeView(view: View): URLSearchParams {
  const query = new URLSearchParams();
  if (view.mode !== INITIAL.mode) query.set("view", view.mode);
  if (view.scale !== INITIAL.scale) query.set("scale", view.scale);
  if (view.left !== INITIAL.left) query.set("panel", view.left);
  if (view.heldOut !== INITIAL.heldOut) query.set("held-out", "0");
  if (view.logarithmic !== INITIAL.logarithmic) query.set("axis", "linear");
  const { part, index } = view.sample;
  const first = INITIAL.sample;
  if (part !== first.part || index !== first.index) query.set("sample", `${part}.${index}`);
  if (view.opened !== null && CARD.test(view.opened)) query.set("card", view.opened);
  return query;
}

/** The view that a query says; what it does not say, or says wrongly, is as at first. */
export function readView(query: URLSearchParams): View {
  const card = query.get("card") ?? "";
  const { mode, scale, left } = INITIAL;
  return {
    mode: MODES.find((known) => known === query.get("view")) ?? mode,
    scale: SCALES.find((known) => known === query.get("scale")) ?? scale,
    left: query.get("panel") === "text" ? "text" : left,
    heldOut: query.get("held-out") !== "0",
    logarithmic: query.get("axis") !== "linear",
    opened: CARD.test(card) ? card : INITIAL.opened,
    sample: readSample(query.get("sample") ?? ""),
  };
}

function readSample(text: string): View["sample"] {
  const [, named, index] = /^([a-z]+)\.(\d{1,7})$/.exec(text) ?? [];
  const part = PARTS.find((known) => known === named);
  return part ? { part, index: Number(index) } : INITIAL.sample;
}
