import type { Action } from "./action";

/** Shows the present again. */
export const live: Action = {
  id: "live",
  keys: ["l"],
  label: () => "backToLive",
  enabled: (state) => state.past !== null,
  perform: () => ({ do: "timeline", wish: "live" }),
};

/** Trains a child of the run from the moment on show. */
export const trainFrom: Action = {
  id: "train-from",
  keys: ["f"],
  label: () => "trainFromHere",
  enabled: (state) => state.past !== null && !state.beginning,
  perform: ({ past, document }) =>
    past ? { do: "fork", step: past.from, document } : { do: "nothing" },
};
