import { indentService } from "@codemirror/language";

import { indentUnder } from "../indent";

/** The grammar of YAML knows no value before it is written: a bare key asks for one further in. */
export const indenting = indentService.of((context, at) => {
  if (context.simulatedBreak !== at) return undefined;
  return indentUnder(context.lineAt(at, -1).text) ?? undefined;
});
