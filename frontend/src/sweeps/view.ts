import { isPlane } from "../painting/probes";
import type { Member, Sweep } from "../wire/sweeps";
import type { Course } from "./bands";
import { leaderOf } from "./best";
import type { BoardView } from "./board";
import { type Axis, axesOf, goalOf } from "./coordinates";
import { colourOf } from "./lines_painting";
import { type Picked } from "./selection";
import { type Brushes, DIM, type Pointed, strengthOf } from "./picking";
import type { Theme } from "../colour/scales";

/** A sweep with what follows from it alone: the same however the pointer walks over it. */
export interface Standing {
  sweep: Sweep;
  members: readonly Member[];
  courses: ReadonlyMap<number, Course>;
  axes: readonly Axis[];
  leader: Member | null;
  /** Whether the nets map the plane, so that each is a picture. */
  plane: boolean;
}

/** The same with what follows from what is picked: read by all its pictures. */
export interface SweepView extends Standing {
  /** How strongly each run is shown. */
  strengths: ReadonlyMap<string, number>;
  /** The same in the grid, whose pictures stay while the pointer walks over them. */
  pictured: ReadonlyMap<string, number>;
  /** How many are shown in full. */
  shown: number;
}

export function standingOf({
  sweep,
  members,
  courses,
  sample,
}: BoardView & { sweep: Sweep }): Standing {
  return {
    sweep,
    members,
    courses: new Map(courses.map((course) => [course.setting, course])),
    axes: axesOf(sweep, members),
    leader: leaderOf(members, sweep.goal),
    plane: isPlane(sample?.plan ?? null),
  };
}

export function viewOf(standing: Standing, picked: Picked): SweepView {
  const { axes, members } = standing;
  const { brushes, pointed } = picked;
  const strengths = strengthsOf(members, axes, brushes, pointed);
  const walked = pointed?.kind === "member" && pointed.on === "grid";
  return {
    ...standing,
    strengths,
    pictured: walked ? strengthsOf(members, axes, brushes, null) : strengths,
    shown: [...strengths.values()].filter((strength) => strength === 1).length,
  };
}

function strengthsOf(
  members: readonly Member[],
  axes: readonly Axis[],
  brushes: Brushes,
  pointed: Pointed | null,
): Map<string, number> {
  return new Map(members.map((member) => [member.run, strengthOf(member, axes, brushes, pointed)]));
}

/** A setting is shown as strongly as the strongest of its members. */
export function settingStrengths({ members, strengths }: SweepView): Map<number, number> {
  const found = new Map<number, number>();
  for (const { run, setting } of members) {
    found.set(setting, Math.max(found.get(setting) ?? DIM, strengths.get(run) ?? 1));
  }
  return found;
}

/** The colour of each setting by the goal of its members. */
export function settingColours(view: SweepView, theme: Theme): Map<number, string> {
  const found = new Map<number, string>();
  for (const member of view.members) {
    const colour = colourOf(goalOf(member), view.axes.at(-1), view.sweep.goal, theme);
    if (colour) found.set(member.setting, colour);
  }
  return found;
}
