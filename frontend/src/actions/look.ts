import type { Mode } from "../painting/probes";
import type { Action } from "./action";

function mode(wanted: Mode, key: string): Action {
  return {
    id: wanted,
    keys: [key],
    label: () => wanted,
    enabled: (state) => state.plan !== null,
    perform: (state) => ({
      do: "show",
      change: { mode: state.mode === wanted ? "values" : wanted },
    }),
  };
}

/** Shows kernels and edges as they are. */
export const weights: Action = mode("weights", "w");

/** Shows how strongly each layer is being changed. */
export const gradients: Action = mode("gradients", "g");
