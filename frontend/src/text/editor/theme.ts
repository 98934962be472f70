import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** The colours are the page's own, so the theme follows its light and dark by itself. */
const look = EditorView.theme({
  "&": { height: "100%", backgroundColor: "transparent", color: "var(--ink)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { font: "13px/20px var(--mono)", overflow: "auto" },
  ".cm-content": { padding: "8px 0", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 8px 0 4px" },
  ".cm-gutters": { backgroundColor: "transparent", border: "0", color: "var(--third)" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "28px", padding: "0 4px 0 2px" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--ink)" },
  ".cm-lit": { backgroundColor: "color-mix(in srgb, var(--accent) 14%, transparent)" },
  "&.cm-focused .cm-matchingBracket": {
    backgroundColor: "transparent",
    outline: "1px solid var(--border)",
  },
  ".cm-selectionMatch": { backgroundColor: "var(--sunk)" },
  ".cm-fault": {
    textDecoration: "underline wavy var(--bad) 1px",
    textUnderlineOffset: "3px",
    textDecorationSkipInk: "none",
  },
  // The editor measures boxes without their margins, so the gap below is padding.
  ".cm-sentence": {
    padding: "2px 8px 6px 12px",
    boxShadow: "inset 3px 0 var(--bad)",
    color: "var(--bad)",
    font: "13px/18px var(--sans)",
    whiteSpace: "normal",
  },
  ".cm-sentence button": {
    padding: "0 8px",
    border: "1px solid var(--border)",
    borderRadius: "6px",
    background: "var(--surface)",
    color: "var(--ink)",
    cursor: "pointer",
  },
  ".cm-note": {
    display: "inline-block",
    paddingLeft: "16px",
    textIndent: "0",
    color: "var(--third)",
    font: "12px/20px var(--sans)",
    whiteSpace: "nowrap",
  },
  ".cm-tooltip": {
    maxWidth: "360px",
    border: "1px solid var(--hairline)",
    borderRadius: "6px",
    backgroundColor: "var(--surface)",
    color: "var(--ink)",
    boxShadow: "0 8px 24px rgb(0 0 0 / 12%)",
  },
  ".cm-meaning": { padding: "6px 10px", font: "13px/18px var(--sans)" },
  ".cm-meaning code": { display: "block", font: "12px/18px var(--mono)", color: "var(--second)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { font: "13px/20px var(--mono)", maxHeight: "240px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "2px 8px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--accent)",
    color: "var(--on-accent)",
  },
  ".cm-completionDetail": { color: "var(--third)", fontStyle: "normal", fontSize: "12px" },
  "li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "500" },
  ".cm-tooltip.cm-completionInfo": { padding: "6px 10px", font: "13px/18px var(--sans)" },
  ".cm-snippetField": { backgroundColor: "var(--sunk)" },
  "@media (max-width: 639px)": { ".cm-scroller": { fontSize: "16px", lineHeight: "24px" } },
});

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--ink)" },
  { tag: [tags.string, tags.content], color: "var(--accent)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--accent)" },
  { tag: [tags.punctuation, tags.separator, tags.bracket], color: "var(--second)" },
  { tag: [tags.lineComment, tags.comment], color: "var(--third)" },
]);

export const theme: Extension = [look, syntaxHighlighting(colours)];
