"""What a control does to a run: a pure function of the control and of where the run stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from gradus.controls import Changes, Control, Pause, Play, Set, Step, Stop

Goal = Mapping[str, int] | None
CONTROL: TypeAdapter[Control] = TypeAdapter(Control)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run stands between two steps. `epoch_samples` is the size of its training part."""

    step: int
    samples: int
    epoch_samples: int


@dataclass(frozen=True, slots=True)
class Effect:
    """`goal` is where it pauses next (None: nowhere) where `moves` says that it changes.

    With `ramp` it gathers speed from there on.
    """

    moves: bool = False
    ramp: bool = False
    goal: Goal = None
    stops: bool = False
    changes: Changes | None = None


def effect(control: Control, place: Place) -> Effect:
    """The effect of `control` on a run that stands at `place`."""
    match control:
        case Play():
            return Effect(moves=True, ramp=control.ramp)
        case Pause():
            return Effect(moves=True, goal={"step": place.step})
        case Step():
            return Effect(moves=True, goal=_ahead(control, place))
        case Stop():
            return Effect(stops=True)
        case Set():
            return Effect(changes=control.changes)


def _ahead(control: Step, place: Place) -> Goal:
    if control.unit == "batch":
        return {"step": place.step + control.count}
    # The end of the epoch under way is the first one: position is counted in samples, because
    # the batch size may change within an epoch.
    begun = place.samples // place.epoch_samples
    return {"samples": (begun + control.count) * place.epoch_samples}


def reached(goal: Goal, step: int, samples: int) -> bool:
    """Whether a run with this goal has to pause here."""
    if goal is None:
        return False
    at: Mapping[str, Any] = {"step": step, "samples": samples}
    return any(at[unit] >= mark for unit, mark in goal.items())
