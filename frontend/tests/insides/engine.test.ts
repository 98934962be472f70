// proves B5.gates B6.drawn F3
import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { matrixOf } from "../../src/insides/matrix";
import { sumOf, tellBand } from "../../src/insides/sums";
import { cards } from "../../src/layout/cards";
import { en } from "../../src/words/en";
import type { Say } from "../../src/page/workbench";
import { arrayOf, decodeFrame, type Picture } from "../../src/wire/frame";
import type { Plan } from "../../src/wire/plan";

/** Nets that the engine trained, with their insides; its own test gives fresh ones by this name. */
const path = process.env["GRADUS_INSIDES"] ?? new URL("recorded.json", import.meta.url);

interface Net {
  name: string;
  layers: Plan["layers"];
  inside: string;
  units: string;
}

const nets = JSON.parse(readFileSync(path, "utf8")) as Net[];
// Numbers come in half precision, which keeps 11 bits of each factor.
const PRECISION = 3e-3;
const say: Say = (key, params = {}) =>
  en[key].replace(/\{(\w+)\}/g, (_, name: string) => String(params[name]));

function frame(text: string): Picture {
  return decodeFrame(Uint8Array.from(Buffer.from(text, "base64")).buffer);
}

function known(net: Net) {
  return { inside: frame(net.inside), units: frame(net.units) };
}

function ownCard(net: Net) {
  const card = cards({ layers: net.layers, data: { input: [1, 8, 8], classes: [] } } as never).find(
    ({ name }) => name === "own",
  );
  if (!card) throw new Error("the layer has no card");
  return card;
}

test.each(nets)("every number is the engine's: $name", (net) => {
  const card = ownCard(net);
  const seen = known(net);
  for (const [index, band] of card.bands.entries()) {
    const matrix = matrixOf(card, index, seen);
    if (band.part === "queries") continue;
    expect(matrix?.values.length, band.part).toBe(band.rows * band.columns);
    for (let at = 0; at < band.rows * band.columns; at++) {
      const sum = sumOf(card, index, Math.floor(at / band.columns), at % band.columns, seen);
      if (sum?.kind === "read" || !sum) throw new Error(`${band.part} is not told`);
      expect(Math.abs(sum.total - (matrix?.values[at] ?? NaN)), band.part).toBeLessThan(PRECISION);
    }
  }
});

test.each(nets.filter(({ name }) => /^(lstm|gru of|rnn)/.test(name) && !/last/.test(name)))(
  "the state at each step is what the layer gives: $name",
  (net) => {
    const card = ownCard(net);
    const index = card.bands.findIndex(({ part }) => part === "h");
    const states = matrixOf(card, index, known(net));
    const given = arrayOf(frame(net.units), "own");
    const [steps = 0, units = 0] = given?.shape ?? [];
    for (let step = 0; step < steps; step++) {
      for (let unit = 0; unit < units; unit++) {
        const told = states?.values[unit * steps + step] ?? NaN;
        expect(Math.abs(told - (given?.values[step * units + unit] ?? NaN))).toBeLessThan(
          PRECISION,
        );
      }
    }
  },
);

test("the memory of an LSTM is told with its four numbers", () => {
  const net = nets.find(({ name }) => name === "lstm")!;
  const card = ownCard(net);
  const index = card.bands.findIndex(({ part }) => part === "c");
  const told = tellBand(card, { card: "own", index, pixel: 1 * 8 + 3 }, known(net), say);
  expect(told?.where).toBe("own · memory c · unit 2, step 4");
  expect(told?.steps[0]).toBe("c = f·c₋₁ + i·g");
  expect(told?.steps[1]).toMatch(/^= \S+·\S+ \+ \S+·\S+ = −?\d\.\d\d$/);
});

test("a hidden step is said to be hidden, an open one by its softmax", () => {
  const net = nets.find(({ name }) => name === "causal attention")!;
  const card = ownCard(net);
  const tell = (pixel: number) =>
    tellBand(card, { card: "own", index: 1, pixel }, known(net), say)?.steps.join(" ");
  expect(tell(2 * 8 + 5)).toBe("step 6 is hidden from step 3: its weight is 0");
  expect(tell(1 * 8 + 0)).toMatch(
    /^q₂·k₁ → \S+ exp\(\S+\) \/ \(exp\(\S+\) \+ exp\(\S+\)\) = 0\.\d\d$/,
  );
});

test("the shares of a query are its greatest weights, in their order", () => {
  const net = nets.find(({ name }) => name === "attention")!;
  const told = tellBand(ownCard(net), { card: "own", index: 0, pixel: 2 }, known(net), say);
  const shares = [...(told?.steps[0]?.matchAll(/(\d+) %/g) ?? [])].map(([, share]) =>
    Number(share),
  );
  expect(shares).toHaveLength(4);
  expect(shares).toEqual(shares.toSorted((a, b) => b - a));
});
