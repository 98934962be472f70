import { expect, test } from "vitest";

import { edgeAt, middleOf, placeOfGrip, split } from "../../src/layers/linear/grip";
import { layout } from "../../src/layout/layout";
import { SPIRAL } from "../layout/plans";

const placed = layout(SPIRAL, { width: 800, height: 628 });

test("the middle of an edge is on that edge, and its number is target first", () => {
  const joint = placed.joints[0];
  const [from, to] = [joint?.from.tiles[0], joint?.to.tiles[0]];
  if (!joint || !from || !to) throw new Error("the net has no edges");
  const { x, y } = middleOf({ from, to });
  const found = edgeAt(placed, x, y);
  expect(found?.grip).toEqual({ name: `${joint.to.name}.weight`, index: [0, 0] });
  expect(placeOfGrip(found?.grip ?? { name: "", index: [] }, placed)).toEqual({ x, y });
});

test("beside the edges there is nothing to hold", () => {
  expect(edgeAt(placed, 2, 2)).toBeNull();
  const tile = placed.cards[1]?.tiles[0];
  expect(edgeAt(placed, (tile?.x ?? 0) + 20, (tile?.y ?? 0) + 20)).toBeNull();
});

test("a name in a body keeps its slashes and dots before the last", () => {
  expect(split("stage2/0/linear_1.weight")).toEqual(["stage2/0/linear_1", "weight"]);
});
