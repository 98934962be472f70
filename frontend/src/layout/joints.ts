import type { Joint, Layout, PlacedCard } from "./layout";

export interface Place {
  x: number;
  y: number;
}

/** A joint with the place of its +. */
export interface JointPlus extends Joint {
  at: Place;
}

const NEAR = 16;
const HEADING_MIDDLE = 17;

/** Where the + of each joint stands: between columns beside their names, between cards on the line. */
export function pluses(layout: Layout): JointPlus[] {
  return layout.joints.map((joint) => ({ ...joint, at: plusOf(joint, layout.narrow) }));
}

function plusOf({ from, to }: Joint, narrow: boolean): Place {
  const x = (from.box.x + from.box.width + to.box.x) / 2;
  if (narrow) return { x, y: from.box.y + HEADING_MIDDLE };
  return { x, y: (middleOf(from) + middleOf(to)) / 2 };
}

function middleOf({ box }: PlacedCard): number {
  return box.y + box.height / 2;
}

/** The joint that the pointer is near: within 16 of the middle between two columns, or of a +. */
export function jointNear(
  all: readonly JointPlus[],
  pointer: Place,
  narrow: boolean,
): JointPlus | undefined {
  const away = ({ at }: JointPlus): number =>
    narrow ? Math.abs(pointer.x - at.x) : Math.hypot(pointer.x - at.x, pointer.y - at.y);
  return all.filter((joint) => away(joint) <= NEAR).toSorted((a, b) => away(a) - away(b))[0];
}
