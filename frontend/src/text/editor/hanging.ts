import { RangeSetBuilder } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";

const INSET_PX = 4;

/** What does not fit on its line goes on under the line's own beginning, behind its dash. */
export const hanging = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = indented(view);
    }

    update(update: ViewUpdate): void {
      if (update.docChanged || update.viewportChanged) this.decorations = indented(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

function indented(view: EditorView): DecorationSet {
  const marks = new RangeSetBuilder<Decoration>();
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to;) {
      const line = view.state.doc.lineAt(at);
      const columns = /^[ -]*/.exec(line.text)?.[0].length ?? 0;
      if (columns) marks.add(line.from, line.from, hung(columns + 2));
      at = line.to + 1;
    }
  }
  return marks.finish();
}

function hung(columns: number): Decoration {
  const style = `text-indent: -${columns}ch; padding-left: calc(${columns}ch + ${INSET_PX}px)`;
  return Decoration.line({ attributes: { style } });
}
