import { expect, test } from "vitest";

import { ACTIONS } from "../../src/actions/actions";
import { keyName, keyNames } from "../../src/actions/key_names";
import { INITIAL } from "../../src/page/state";
import { say } from "../../src/words/words";

test("keys are said as they stand on a keyboard", () => {
  expect(keyName(" ")).toBe("Space");
  expect(keyName("Shift+ArrowRight")).toBe("Shift →");
  expect(keyName("Ctrl+z")).toBe("Ctrl Z");
  expect(keyName("+")).toBe("+");
  expect(keyNames(["?", "Shift+?"])).toEqual(["?"]);
});

test("every action has a name in both languages, and no key means two", () => {
  const keys = ACTIONS.flatMap((action) => action.keys);
  expect(new Set(keys).size).toBe(keys.length);
  for (const action of ACTIONS) {
    for (const language of ["en", "zh"] as const) {
      expect(say(language, action.label(INITIAL))).toBeTruthy();
    }
  }
});
