import { formatCount, formatShape } from "../numbers/format";
import type { Plan, PlannedLayer } from "../wire/plan";
import type { Reading, Span } from "./reading";

/** What a layer comes to, behind the line that says it. */
export interface Note {
  at: number;
  shape: string;
  parameters: string;
}

/** One note for each line on which layers of the plan were written. */
export function notesOf(plan: Plan, reading: Reading): Note[] {
  const lines = new Map<number, PlannedLayer[]>();
  for (const layer of plan.layers) {
    if (!reading.places.has(layer.source)) continue;
    const [from] = spanOf(reading, layer.source);
    const end = reading.text.indexOf("\n", from);
    const at = end < 0 ? reading.text.length : end;
    lines.set(at, [...(lines.get(at) ?? []), layer]);
  }
  return [...lines].map(([at, layers]) => note(at, layers));
}

/** What a repeated line says once stands for all of its layers. */
function note(at: number, layers: readonly PlannedLayer[]): Note {
  const total = layers.reduce((sum, layer) => sum + layer.parameters, 0);
  const shape = formatShape(layers.at(-1)?.output ?? []);
  return { at, shape, parameters: total ? formatCount(total) : "" };
}

/** From the key, where there is one, to the value's end. */
export function spanOf(reading: Reading, pointer: string): Span {
  const { key, value } = reading.place(pointer);
  return [key?.[0] ?? value[0], Math.max(key?.[1] ?? 0, value[1])];
}

/** The layer that was written at a place of the text: the innermost one around it. */
export function layerAt(plan: Plan, reading: Reading, at: number): string | null {
  let here = reading.pointerAt(at);
  for (; here; here = here.slice(0, here.lastIndexOf("/"))) {
    const found = plan.layers.find(({ source }) => source === here);
    if (found) return found.name;
  }
  return null;
}

/** The card on which a layer is drawn: its own, or the one that it is fused onto. */
export function cardOf(plan: Plan, layer: string, cards: ReadonlySet<string>): string | null {
  const byName = new Map(plan.layers.map((entry) => [entry.name, entry]));
  let here: string | undefined = layer;
  while (here !== undefined && !cards.has(here)) here = byName.get(here)?.inputs[0];
  return here ?? null;
}
