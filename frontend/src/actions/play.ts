import type { State } from "../page/state";
import { isFinal } from "../run/run";
import type { Control } from "../wire/types";
import type { Action } from "./action";
import { isSound } from "./action";
import { trainOn } from "./fork";

/**
 * Begins a run, pauses a running one, goes on with a paused one and, as a fork, from an end.
 * In the past it plays what was recorded.
 */
export const play: Action = {
  id: "play",
  keys: [" "],
  label(state) {
    if (!state.run) return "play";
    if (state.past) return state.past.playing ? "holdRecording" : "playRecording";
    if (goesOnAsFork(state)) return "trainOn";
    if (isFinal(state.run.status)) return "trainAgain";
    return state.run.status === "paused" ? "goOn" : "pause";
  },
  enabled: (state) => state.past !== null || (isSound(state) && !state.beginning),
  perform(state) {
    if (state.past) return { do: "timeline", wish: "play" };
    if (goesOnAsFork(state)) return trainOn(state);
    if (!state.run || isFinal(state.run.status)) return { do: "create", start: "ramp" };
    const paused = state.run.status === "paused";
    const control: Control = paused ? { action: "play", ramp: true } : { action: "pause" };
    return { do: "control", control };
  },
};

function goesOnAsFork(state: State): boolean {
  return state.run?.status === "finished" || state.run?.status === "stopped";
}
