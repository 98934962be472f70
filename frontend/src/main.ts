import "./page.css";
import "uplot/dist/uPlot.min.css";

import { mount } from "svelte";

import App from "./components/App.svelte";
import { Curves } from "./curves/curves";
import { Desk } from "./text/desk";
import { sourceOf } from "./text/source";
import { Painter } from "./painting/painter";
import { Preferences } from "./page/preferences";
import { Router } from "./page/router";
import { Session } from "./page/session";
import { wordsOf } from "./page/workbench";
import { Api } from "./wire/api";
import { openSocket, Stream } from "./wire/stream";

const dark = window.matchMedia("(prefers-color-scheme: dark)");
const preferences = new Preferences(localStorage, dark, navigator.language);
const painter = new Painter((call) => requestAnimationFrame(call));
const router = new Router(window);
const api = new Api(() => preferences.language.value);
const session = new Session({
  api,
  openStream: (listener) => new Stream(() => openSocket(location), listener),
  now: () => performance.now(),
  go: (address) => router.show(address),
  sourceOf,
});
const curves = new Curves(session);
const desk = new Desk(session, api, localStorage);
painter.onDrawn(() => session.drawn());
router.start(session);
preferences.language.subscribe((language) => void session.learn(language));

const words = wordsOf(preferences.language);
const go = (address: string): void => router.visit(address);
mount(App, {
  target: document.getElementById("page") as HTMLElement,
  props: { workbench: { session, curves, preferences, painter, words, desk, go } },
});
