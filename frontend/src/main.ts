import "./page.css";
import "uplot/dist/uPlot.min.css";

import { mount } from "svelte";

import { Shelf } from "./catalogue/shelf";
import { Zoo } from "./catalogue/zoo";
import App from "./components/App.svelte";
import { Curves } from "./curves/curves";
import { Paths } from "./descent/paths";
import { KeptDraft } from "./draft/kept";
import { Overlay } from "./curves/overlay";
import { Hand } from "./hand/hand";
import { LossLens } from "./loss/lens";
import { Desk } from "./text/desk";
import { sourceOf } from "./text/source";
import { Pair } from "./pair/pair";
import { SlowMotion } from "./motion/slow";
import { Painter } from "./painting/painter";
import { Preferences } from "./page/preferences";
import { Drawer } from "./timeline/drawer";
import { Router } from "./page/router";
import { Session } from "./page/session";
import { Pointing, TICKER } from "./sight/pointing";
import { AskedSums } from "./sight/asked";
import { KernelChoice } from "./sight/kernels";
import { Sight } from "./sight/sight";
import { wordsOf } from "./page/workbench";
import { Brush } from "./points/brush";
import { lostRun } from "./run/lost";
import { RememberedRuns } from "./run/remembered";
import { RunList } from "./runs/list";
import { Guest } from "./share/guest";
import { Exports } from "./exports/exports";
import { saveBlob } from "./text/files";
import { ShareSheet } from "./share/sheet";
import { fetchWords } from "./words/words";
import { Api } from "./wire/api";
import { Questions } from "./wire/questions";
import { type Listener, openSocket, Stream, systemClock } from "./wire/stream";

const dark = window.matchMedia("(prefers-color-scheme: dark)");
const preferences = new Preferences(localStorage, dark, navigator.language);
const painter = new Painter((call) => requestAnimationFrame(call));
const router = new Router(window);
const guest = new Guest();
const kept = new KeptDraft(sessionStorage);
const remembered = new RememberedRuns(localStorage);
const api = new Api(
  () => preferences.language.value,
  (path) => guest.open(path),
);
const openStream = (listener: Listener): Stream =>
  new Stream(
    () => openSocket(location),
    listener,
    systemClock,
    () => guest.secret.value,
  );
const shelf = new Shelf((language) => api.catalogue(language), preferences.language);
const session = new Session({
  api,
  openStream,
  now: () => performance.now(),
  go: (address) => router.show(address),
  lost: (reason, run) =>
    lostRun(reason, remembered.recall(run), guest.secret.value !== null, Date.now()),
  sourceOf,
});
const curves = new Curves(session);
const brush = new Brush(session);
const lens = new LossLens(session);
curves.onHold = (step) =>
  step === null ? session.timeline.showLive() : session.timeline.showAt(step);
const drawer = new Drawer(session.state, api, (act) => void session.guard(act));
const overlay = new Overlay(curves, api, (act) => void session.guard(act), systemClock);
const go = (address: string): void => router.visit(address);
const runs = new RunList({ api, openStream, go });
const share = new ShareSheet(api, location.origin);
const exports = new Exports(api, saveBlob, (notice) => session.show({ notice }));
const hand = new Hand(session, () => performance.now());
const desk = new Desk(session, api, shelf, localStorage);
const sight = new Sight(session.pictures);
const asked = new AskedSums({
  state: session.state,
  questions: new Questions(api, () => undefined),
  guard: (act) => session.guard(act),
});
const pointing = new Pointing(session, sight);
const still = window.matchMedia("(prefers-reduced-motion: reduce)");
const slow = new SlowMotion({
  session,
  questions: new Questions(api, () => undefined),
  now: () => performance.now(),
  every: TICKER.every,
  prefersStills: () => still.matches,
});
const pair = new Pair({
  session,
  api,
  openStream,
  now: () => performance.now(),
  address: (path) => router.show(path),
});
const paths = new Paths({ session, pair });
curves.beside = (name) => pair.curve(name);
painter.onDrawn(() => {
  session.drawn();
  pair.drawn();
});
session.state.subscribe((state) => {
  kept.keep(state);
  remembered.note(state);
  router.mirror(state);
});
router.start({ session, runs, guest, kept });
preferences.language.subscribe((language) => void session.learn(language));

await fetchWords(preferences.language.value);
const words = wordsOf(preferences.language);
mount(App, {
  target: document.getElementById("page") as HTMLElement,
  props: {
    workbench: {
      session,
      curves,
      overlay,
      drawer,
      brush,
      lens,
      hand,
      sight,
      asked,
      kernels: new KernelChoice(),
      pointing,
      pair,
      paths,
      slow,
      preferences,
      painter,
      words,
      desk,
      runs,
      share,
      exports,
      guest,
      shelf,
      zoo: new Zoo(api),
      api,
      openStream,
      go,
    },
  },
});
