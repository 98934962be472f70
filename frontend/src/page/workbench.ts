import { getContext, setContext } from "svelte";

import type { Curves } from "../curves/curves";
import type { Overlay } from "../curves/overlay";
import type { Exports } from "../exports/exports";
import type { Hand } from "../hand/hand";
import type { Shelf } from "../catalogue/shelf";
import type { Zoo } from "../catalogue/zoo";
import type { Paths } from "../descent/paths";
import { Observable } from "../observable";
import type { LossLens } from "../loss/lens";
import type { SlowMotion } from "../motion/slow";
import type { Pair } from "../pair/pair";
import type { Painter } from "../painting/painter";
import type { Brush } from "../points/brush";
import type { Desk } from "../text/desk";
import { type Language, type Params, say, type WordKey } from "../words/words";
import type { Drawer } from "../timeline/drawer";
import type { RunList } from "../runs/list";
import type { Guest } from "../share/guest";
import type { ShareSheet } from "../share/sheet";
import type { Api } from "../wire/api";
import type { Listener, Stream } from "../wire/stream";
import type { Preferences } from "./preferences";
import type { Pointing } from "../sight/pointing";
import type { AskedSums } from "../sight/asked";
import type { KernelChoice } from "../sight/kernels";
import type { Sight } from "../sight/sight";
import type { Stage } from "./stage";

export type Say = (key: WordKey, params?: Params) => string;

/** What every component may reach: state, painter, preferences and words. */
export interface Workbench {
  session: Stage;
  sight: Sight;
  asked: AskedSums;
  kernels: KernelChoice;
  pointing: Pointing;
  curves: Curves;
  overlay: Overlay;
  hand: Hand;
  drawer: Drawer;
  brush: Brush;
  lens: LossLens;
  slow: SlowMotion;
  pair: Pair;
  paths: Paths;
  preferences: Preferences;
  painter: Painter;
  runs: RunList;
  share: ShareSheet;
  exports: Exports;
  guest: Guest;
  api: Api;
  openStream(listener: Listener): Stream;
  words: Observable<Say>;
  /** Layers, optimizers and losses that there are, for forms and menus. */
  shelf: Shelf;
  desk: Desk;
  zoo: Zoo;
  go(address: string): void;
}

const KEY = "workbench";

/** The words of the chosen language, following the choice. */
export function wordsOf(language: Observable<Language>): Observable<Say> {
  const words = new Observable<Say>(speaker(language.value));
  language.subscribe((chosen) => words.set(speaker(chosen)));
  return words;
}

export function provideWorkbench(workbench: Workbench): void {
  setContext(KEY, workbench);
}

export function useWorkbench(): Workbench {
  return getContext<Workbench>(KEY);
}

function speaker(language: Language): Say {
  return (key, params) => say(language, key, params);
}
