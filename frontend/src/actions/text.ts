import type { Action } from "./action";

/** Opens the text of the document, and closes it again. */
export const text: Action = {
  id: "text",
  keys: ["e"],
  label: () => "text",
  enabled: () => true,
  perform: (state) => ({ do: "show", change: { left: state.left === "text" ? "data" : "text" } }),
};
