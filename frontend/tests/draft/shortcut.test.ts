import { expect, test } from "vitest";

import { layersOf, type Gap } from "../../src/draft/structure";
import { othersFor, withJoin } from "../../src/draft/shortcut";
import { withCardMoved, withStep } from "../../src/draft/move";
import { namesIn } from "../../src/draft/names";
import { withWrapped, wrapsAt } from "../../src/draft/wrap";
import { cards } from "../../src/layout/cards";
import { digits, drafted, spiral } from "./plans";

const before = (index: number, reads: string): Gap => ({
  beside: `/network/layers/${index}`,
  side: "before",
  reads,
});

test("a sum is offered the earlier layers of its shape, a row of both all of its rank", () => {
  const { document, plan } = spiral;
  const names = (type: string) =>
    othersFor(type, document, plan, before(3, "linear_2")).map(({ name }) => name);
  expect(names("add")).toEqual(["linear_1"]);
  expect(names("concat")).toEqual(["linear_1", "features_1", "input"]);
  expect(names("linear")).toEqual([]);
});

test("a join says what it reads, and what came after reads the join", () => {
  const joined = withJoin(spiral.document, before(3, "linear_2"), "add", "linear_1");
  expect(layersOf(joined)[3]).toEqual({
    type: "add",
    name: "add_1",
    from: ["linear_2", "linear_1"],
  });
  expect(layersOf(joined)[4]).toEqual({ type: "linear", name: "linear_3" });
});

const all = cards(spiral.plan);
const joint = { from: all[1]!, to: all[2]! };

test("a layer is wrapped with its name, and repeated only where it answers as it reads", () => {
  const wraps = wrapsAt(spiral.document, spiral.plan, joint);
  expect(wraps.map(({ wrapper, card }) => `${wrapper} ${card.name}`)).toEqual([
    "residual linear_1",
    "branches linear_1",
    "residual linear_2",
    "repeat linear_2",
    "branches linear_2",
  ]);
  const inner = { type: "linear", name: "linear_2", units: 8, activation: "tanh" };
  const wrapped = (at: number) => layersOf(withWrapped(spiral.document, wraps[at]!))[2];
  expect(wrapped(2)).toEqual({ type: "residual", name: "residual_1", body: [inner] });
  expect(wrapped(3)).toEqual({ type: "repeat", name: "repeat_1", times: 2, body: [inner] });
  expect(wrapped(4)).toMatchObject({ type: "branches", branches: [[inner], [inner]] });
});

test("what read a wrapped layer by name, a loss too, reads the whole", () => {
  const document = {
    network: {
      layers: [...layersOf(withJoin(spiral.document, before(3, "linear_2"), "add", "linear_1"))],
    },
    train: { losses: [{ type: "mse", input: "linear_2" }] },
  };
  const wrapped = withWrapped(document, { wrapper: "residual", card: all[2]! });
  expect(layersOf(wrapped)[3]).toMatchObject({ from: ["residual_1", "linear_1"] });
  expect(wrapped["train"]).toEqual({ losses: [{ type: "mse", input: "residual_1" }] });
});

test("the answer, and terms of a point, are wrapped in nothing", () => {
  const ends = wrapsAt(spiral.document, spiral.plan, { from: all[0]!, to: all[3]! });
  expect(ends).toEqual([]);
});

test("a card steps past its neighbour and back, with what is fused onto it", () => {
  const net = drafted(
    [1, 8, 8],
    [{ type: "conv2d", filters: 4 }, "relu", "max_pool2d", "flatten", "linear"],
    [[4, 8, 8], [4, 8, 8], [4, 4, 4], [64], [10]],
  );
  const right = withStep(net.document, net.plan, "conv2d_1", 1);
  const names = ["max_pool2d_1", "conv2d_1", "relu_1", "flatten_1", "linear_1"];
  expect(namesIn(layersOf(right))).toEqual(names);
  expect(withStep(net.document, net.plan, "conv2d_1", -1)).toBe(net.document);
  expect(withStep(digits.document, digits.plan, "linear_1", -1)).toBe(digits.document);
  const left = withStep(net.document, net.plan, "max_pool2d_1", -1);
  expect(namesIn(layersOf(left))).toEqual([
    "max_pool2d_1",
    "conv2d_1",
    "relu_1",
    "flatten_1",
    "linear_1",
  ]);
});

test("a join stays where it reads what it reads, and terms where they read a point", () => {
  const { document, plan } = drafted(
    [2],
    [{ type: "features", terms: ["x"] }, "linear"],
    [[1], [1]],
  );
  expect(withStep(document, plan, "features_1", 1)).toBe(document);
  const joined = drafted(
    [4],
    [
      { type: "linear" },
      { type: "add", from: ["linear_1", "input"] },
      { type: "linear" },
      "linear",
    ],
    [[4], [4], [4], [1]],
  );
  joined.plan.layers[1]!.inputs = ["linear_1", "input"];
  expect(withStep(joined.document, joined.plan, "add_1", 1)).toBe(joined.document);
});

test("a residual goes only where a projection leads past it", () => {
  const wrappers = (input: number[], output: number[]): string[] => {
    const { document, plan } = drafted(input, ["conv2d", "linear"], [output, [1]]);
    const [from, to] = cards(plan);
    return wrapsAt(document, plan, { from: from!, to: to! }).map(({ wrapper }) => wrapper);
  };
  expect(wrappers([4, 8, 8], [6, 4, 4])).toContain("residual");
  expect(wrappers([4, 8, 8], [6, 9, 9])).not.toContain("residual");
  expect(wrappers([8, 8], [8, 16])).not.toContain("residual");
  expect(wrappers([8, 8], [8, 8])).toContain("residual");
});

test("a dragged card lands with what is fused onto it, in its order", () => {
  const { document, plan } = drafted(
    [1, 8, 8],
    [{ type: "conv2d", filters: 1 }, "batch_norm", "relu", "max_pool2d", "flatten", "linear"],
    [[1, 8, 8], [1, 8, 8], [1, 8, 8], [1, 4, 4], [16], [10]],
  );
  const dragged = cards(plan).find(({ name }) => name === "conv2d_1")!;
  expect(dragged.parts.map(({ type }) => type)).toEqual(["conv2d", "batch_norm", "relu"]);
  const dropped = withCardMoved(document, dragged, before(4, "max_pool2d_1"));
  expect(namesIn(layersOf(dropped))).toEqual([
    ...["max_pool2d_1", "conv2d_1", "batch_norm_1", "relu_1", "flatten_1", "linear_1"],
  ]);
  const onItself = withCardMoved(document, dragged, before(2, "batch_norm_1"));
  expect(onItself).toBe(document);
});
