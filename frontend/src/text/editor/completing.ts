import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  snippet,
} from "@codemirror/autocomplete";
import type { Extension } from "@codemirror/state";
import { hoverTooltip, type Tooltip } from "@codemirror/view";

import { type Offer, offers } from "../completion";
import { contextAt } from "../context";
import type { Language } from "../language";
import { meaningOf } from "../meaning";
import { keysOf } from "../pointer";
import { Reading } from "../reading";

/** Offers what may stand at the cursor, and says what stands under the pointer. */
export function completing(language: () => Promise<Language | null>): Extension {
  return [
    autocompletion({
      override: [async (context) => complete(context, await language())],
      icons: false,
      activateOnTyping: true,
    }),
    hoverTooltip(async (view, at) => tell(view.state.doc.toString(), at, await language()), {
      hoverTime: 400,
    }),
  ];
}

function complete(context: CompletionContext, language: Language | null): CompletionResult | null {
  const { state, pos, explicit } = context;
  const before = state.sliceDoc(Math.max(0, pos - 2), pos);
  if (!language || (!explicit && !/[\w"]$|[:,{[-] $/.test(before))) return null;
  const found = contextAt(state.doc.toString(), pos);
  if (!found) return null;
  const options = offers(found, language).map(option);
  return { from: found.from, to: found.to, options, validFor: /^[\w./+-]*$/ };
}

function option(offer: Offer, place: number): Completion {
  return {
    label: offer.label,
    detail: offer.detail,
    ...(offer.info ? { info: offer.info } : {}),
    // Of what fits the typed word equally well, the list's own order.
    sortText: String(place).padStart(4, "0"),
    apply: offer.insert.includes("#{}") ? snippet(offer.insert) : offer.insert,
  };
}

function tell(text: string, at: number, language: Language | null): Tooltip | null {
  if (!language) return null;
  const reading = new Reading(text);
  const pointer = reading.pointerAt(at);
  const { key, value } = reading.place(pointer);
  const span = key && at <= key[1] ? key : value;
  const onWord = span[0] <= at && at <= span[1] && !/\s/.test(text.slice(...span));
  if (!pointer || !onWord) return null;
  const said = text.slice(...span).replaceAll('"', "");
  const found = meaningOf(
    language,
    reading.document,
    keysOf(pointer),
    span === key ? undefined : said,
  );
  if (!found?.text && !found?.head) return null;
  const { head, text: sentence } = found;
  return { pos: span[0], end: span[1], above: true, create: () => ({ dom: card(head, sentence) }) };
}

function card(head: string, text: string): HTMLElement {
  const dom = document.createElement("div");
  dom.className = "cm-meaning";
  const code = document.createElement("code");
  code.textContent = head;
  dom.append(code, text);
  return dom;
}
