// A control is a row in the run's log: at most ten a second while a handle is dragged.
const PAUSE_MS = 100;

/** Calls with the newest value once the hand has rested for a moment. */
export function settled<T>(call: (value: T) => void, pause = PAUSE_MS): (value: T) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (value) => {
    clearTimeout(timer);
    timer = setTimeout(() => call(value), pause);
  };
}
