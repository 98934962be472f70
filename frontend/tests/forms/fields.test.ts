import { expect, test } from "vitest";

import { arranged, controlOf, fieldsOf, readNumbers, writeNumbers } from "../../src/forms/fields";
import { begun, entriesOf, withEntry, withEntryAt } from "../../src/forms/lists";
import { bare, sectionStart, withInner, withVariantField } from "../../src/forms/variants";

const whole = { type: "integer", minimum: 1, maximum: 64 };
const two = { type: "array", prefixItems: [whole, whole] };
const bounds = { integer: true, least: 1, most: 64 };

test("a schema becomes the control that can say all it allows", () => {
  expect(controlOf(whole)).toEqual({ kind: "number", optional: false, ...bounds });
  expect(controlOf({ anyOf: [whole, { type: "null" }] })).toMatchObject({ optional: true });
  expect(controlOf({ anyOf: [whole, two] })).toEqual({ kind: "pair", ...bounds });
  expect(controlOf({ type: "boolean" })).toEqual({ kind: "switch" });
  expect(controlOf({ enum: ["a", "b"] })).toEqual({ kind: "choice", options: ["a", "b"] });
  const padding = { oneOf: [{ enum: ["same", "valid"] }, { anyOf: [whole, two] }] };
  const words = { kind: "words", words: ["same", "valid"], pair: true, ...bounds };
  expect(controlOf(padding)).toEqual(words);
  expect(controlOf({ type: "array", items: { type: "object" } })).toBeNull();
  for (const schema of [{ type: "string" }, { type: "object" }, {}]) {
    expect(controlOf(schema)).toBeNull();
    expect(controlOf({ anyOf: [schema, { type: "null" }] })).toBeNull();
  }
});

const init = {
  anyOf: [
    { enum: ["he", "normal"] },
    {
      oneOf: [
        { properties: { type: { const: "he" } } },
        { properties: { type: { const: "normal" }, std: { type: "number", default: 0.01 } } },
      ],
    },
  ],
};

test("variants are told apart by their type and bring their own fields", () => {
  const control = controlOf(init);
  expect(control?.kind).toBe("variant");
  if (control?.kind !== "variant") return;
  expect(control.options.map(({ type, fields }) => [type, fields.map(({ name }) => name)])).toEqual(
    [
      ["he", []],
      ["normal", ["std"]],
    ],
  );
  expect(bare({ type: "normal", std: 0.01 }, control)).toBe("normal");
  expect(withVariantField("normal", "std", 0.1)).toEqual({ type: "normal", std: 0.1 });
  expect(withVariantField({ type: "normal", std: 0.1 }, "std", undefined)).toBe("normal");
});

const section = {
  fields: {
    filters: whole,
    kernel: { anyOf: [whole, two] },
    stride: { anyOf: [whole, two] },
    activation: { enum: ["relu"] },
    bias: { type: "boolean" },
  },
};

test("at most three are in sight: size, activation and one more, a changed one before others", () => {
  const fields = fieldsOf(section);
  const names = (written: string[]) => {
    const { first, more } = arranged(fields, new Set(written));
    return [first.map(({ name }) => name), more.map(({ name }) => name)];
  };
  expect(names([])).toEqual([
    ["filters", "activation", "kernel"],
    ["stride", "bias"],
  ]);
  expect(names(["bias"])).toEqual([
    ["filters", "activation", "bias"],
    ["kernel", "stride"],
  ]);
});

test("numbers are read as they are typed, and refused beyond their bounds", () => {
  expect(readNumbers("3", bounds, false)).toBe(3);
  expect(readNumbers("3, 5", bounds, true)).toEqual([3, 5]);
  expect(readNumbers("3×5", bounds, true)).toEqual([3, 5]);
  expect(readNumbers("3, 5", bounds, false)).toBeNull();
  for (const text of ["0", "65", "1.5", "two", ""])
    expect(readNumbers(text, bounds, true)).toBeNull();
});

test("a square window is written by its side alone", () => {
  expect(writeNumbers([3, 3])).toBe("3");
  expect(writeNumbers([3, 5])).toBe("3, 5");
  expect(writeNumbers(null)).toBe("");
});

const transforms = {
  type: "array",
  items: {
    anyOf: [
      { enum: ["noise"] },
      {
        oneOf: [
          { properties: { type: { const: "noise" }, std: { type: "number", default: 0.1 } } },
          {
            properties: { type: { const: "resize" }, size: { anyOf: [whole, two] } },
            required: ["size"],
          },
        ],
      },
    ],
  },
};

test("a list of variants is added to, changed and emptied entry by entry", () => {
  const control = controlOf(transforms);
  if (control?.kind !== "list") throw new Error("no list");
  const [noise, resize] = control.options;
  expect(begun(noise!, [1, 8, 6])).toBe("noise");
  expect(begun(resize!, [1, 8, 6])).toEqual({ type: "resize", size: [8, 6] });
  const two = withEntry(withEntry(null, "noise"), begun(resize!, [1, 8, 6]));
  expect(two).toEqual(["noise", { type: "resize", size: [8, 6] }]);
  const louder = withEntryAt(two, 0, withVariantField("noise", "std", 0.3));
  expect(entriesOf(louder).map(({ type, std }) => [type, std])).toEqual([
    ["noise", 0.3],
    ["resize", undefined],
  ]);
  expect(withEntryAt(louder, 0, undefined)).toEqual([{ type: "resize", size: [8, 6] }]);
});

test("a section whose fields all have defaults is there or not", () => {
  const stopping = {
    type: "object",
    properties: { patience: { ...whole, default: 10 }, name: { type: "string" } },
  };
  const control = controlOf({ anyOf: [stopping, { type: "null" }] });
  expect(control).toMatchObject({ kind: "section", fields: [{ name: "patience", default: 10 }] });
  if (control?.kind !== "section") throw new Error("no section");
  expect(sectionStart(control.fields)).toEqual({});
  const clip = { properties: { norm: { anyOf: [{ type: "number" }, { type: "null" }] } } };
  const clipped = controlOf({ type: "object", ...clip });
  expect(clipped?.kind === "section" && sectionStart(clipped.fields)).toEqual({ norm: 1 });
  expect(controlOf({ ...stopping, required: ["name"] })).toBeNull();
  expect(withInner({ patience: 3, measure: "loss" }, "patience", undefined)).toEqual({
    measure: "loss",
  });
});
