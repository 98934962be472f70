import type { WordKey } from "../words/words";
import { DRAWN, type Task } from "./drawn";

/** A data set of the plane as the panel offers it. */
export interface PlaneSet {
  name: string;
  words: WordKey;
  task: Task;
  /** The greatest noise at which there is still something to learn. */
  noise: number;
}

export const SETS: readonly PlaneSet[] = [
  { name: "circle", words: "dsCircle", task: "classification", noise: 0.3 },
  { name: "xor", words: "dsXor", task: "classification", noise: 0.3 },
  { name: "gauss", words: "dsGauss", task: "classification", noise: 0.4 },
  { name: "ring", words: "dsRing", task: "classification", noise: 0.15 },
  { name: "spiral", words: "dsSpiral", task: "classification", noise: 0.15 },
  { name: "moons", words: "dsMoons", task: "classification", noise: 0.3 },
  { name: "plane", words: "dsPlane", task: "regression", noise: 0.5 },
  { name: "hills", words: "dsHills", task: "regression", noise: 0.5 },
];

const MOST_NOISE = 0.5;

/** The end of the noise slider for a set; a document that says more moves it there. */
export function noiseEnd(name: string | null, written: number): number {
  const own = SETS.find((set) => set.name === name)?.noise ?? MOST_NOISE;
  return Math.max(own, written);
}

/** The set that another task begins with. */
export function firstOf(task: Task): string {
  return SETS.find((set) => set.task === task)?.name ?? DRAWN;
}
