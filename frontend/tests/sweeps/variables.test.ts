import { expect, test } from "vitest";

import { type Field, fieldsOf, isVariable } from "../../src/forms/fields";
import { variablesOf } from "../../src/sweeps/variables";
import type { Catalogue } from "../../src/wire/catalogue";
import type { Plan } from "../../src/wire/plan";
import { CATALOGUE, PLAN } from "./spiral";

const SCHEDULE = {
  anyOf: [
    { type: "string", enum: ["constant", "step"] },
    { type: "object", properties: { type: { const: "constant" } } },
    {
      type: "object",
      properties: {
        type: { const: "step" },
        every: { type: "integer", minimum: 1, default: 10 },
        factor: { type: "number", minimum: 0, maximum: 1, default: 0.5 },
      },
    },
  ],
} as const;
const STOPPING = {
  anyOf: [
    {
      type: "object",
      properties: { patience: { type: "integer", minimum: 1, default: 5 } },
    },
    { type: "null" },
  ],
  default: null,
} as const;
const RICH = {
  ...CATALOGUE,
  train: {
    required: [],
    fields: {
      ...CATALOGUE.train.fields,
      schedule: SCHEDULE,
      early_stopping: STOPPING,
      clip: { anyOf: [{ type: "number", minimum: 0 }, { type: "null" }], default: null },
    },
  },
} as unknown as Catalogue;
const WRITTEN = {
  data: "spiral",
  network: { layers: [{ type: "linear", units: 8, activation: "tanh" }, "linear"] },
  train: { schedule: { type: "step", every: 3 }, early_stopping: {} },
};

/** The fields of a form that carry a mark, with those that stand inside of others. */
function marked(fields: readonly Field[], path: string): string[] {
  return fields.flatMap(({ name, control }) => {
    const here = `${path}/${name}`;
    return isVariable(control) ? [here] : [];
  });
}

const found = variablesOf(WRITTEN, PLAN as Plan, RICH);
const paths = found.map(({ path }) => path);

test("each field that carries a mark can be varied", () => {
  const train = marked(fieldsOf(RICH.train), "/train");
  const unfound = train.filter((path) => !paths.includes(path) && !paths.includes(`${path}/type`));
  expect(unfound).toEqual([]);
});

test("the fields of what is chosen are varied where it is written", () => {
  expect(paths).toContain("/train/schedule");
  expect(found.find(({ path }) => path === "/train/schedule/every")).toMatchObject({ now: 3 });
  expect(found.find(({ path }) => path === "/train/schedule/factor")).toMatchObject({ most: 1 });
  expect(found.find(({ path }) => path === "/train/early_stopping/patience")?.now).toBe(5);
});

test("a number that is not set yet can be varied", () => {
  expect(found.find(({ path }) => path === "/train/clip")).toMatchObject({ now: null, least: 0 });
});
