"""What goes wrong in a training, said by its own numbers at ends of epochs.

When is looked is a matter of steps alone, so the log of a run carries the same verdicts whoever
watches, and wherever it was interrupted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gradus.function import NAME
from gradus_engine.activity import MORTAL, activities
from gradus_engine.layers.function import Function

if TYPE_CHECKING:
    from gradus_engine.session import Session

# A layer that has lost half of its units has lost more than chance takes at the start.
DEAD = 0.5
WORSE = 0.25
# The validation loss is this much above its best, and above the training loss, and the latter fell.
RISEN = 1.2
APART = 1.5
# The mean loss of an epoch is this much above that of the untrained network.
CLIMBED = 1.5
# Of this many epochs the mean loss turned round at nearly each, by a good part of itself, for nothing.
SWINGS = 8
TURNS = 5
SWUNG = 0.2
GAINED = 0.9
# The last of as many moves of a plain function is this part of the first or more.
SHORTER = 0.5
# Below this part of the untrained loss there is little left to learn, and little to swing in.
HIGH = 0.25


@dataclass(frozen=True, slots=True)
class Verdict:
    """`code` has words under `verdict.…`; `params` are its evidence."""

    code: str
    params: dict[str, Any]
    step: int


class Verdicts:
    """Looks at a session after the epochs 1, 2, 3, 4, 6, 8, 12, 16, 24 …, at the last one, and at
    two after a number was changed. `memory` is JSON and part of the session's state.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._found: list[Verdict] = []
        self.memory: dict[str, Any] = {
            "said": {},  # what was said, with its share
            "best": None,  # step, validation and training loss where the former was least
            "untrained": None,  # the loss before the first step
            "means": [],  # loss of the last epochs, each a mean over its steps
            "sum": 0.0,
            "steps": 0,
            "changed": 0,  # how many ends of epochs are still to be looked at for a change
        }
        self._ends: list[tuple[int, bool]] = []

    def changed(self) -> None:
        """A number was changed by hand: the epoch under way and a whole one after are looked at."""
        self.memory["changed"] = 2
        self.memory["means"] = []

    def next(self, epoch: int) -> int:
        """The first epoch after `epoch` at whose end has to be looked."""
        if self.memory["changed"] or not epoch:
            return epoch + 1
        power = 1 << (epoch.bit_length() - 1)
        half_more = power + power // 2
        return half_more if half_more > epoch else 2 * power

    def end_epochs(self, steps: Sequence[int]) -> bool:
        """Epochs were over after these steps: whether the last of them has to be looked at.

        None of the others has: whoever trains asks for `next`.
        """
        changed: int = self.memory["changed"]
        due = self._session.finished or changed > 0 or _due(self._epoch)
        self._ends += [(step, False) for step in steps[:-1]] + [(steps[-1], due)]
        self.memory["changed"] = max(0, changed - 1)
        return due

    def look(self, measured: Mapping[str, float]) -> None:
        """At the session as it is, and at what its parts were measured to be."""
        self._look_for_dead()
        self._look_at_way()
        self._look_at_gap(measured.get("validation/loss"), measured.get("train_eval/loss"))

    def forget(self) -> None:
        """What was said of a run was not said of its fork."""
        self.memory["said"] = {}

    def take(self, first_step: int, losses: NDArray[np.float64] | None) -> tuple[Verdict, ...]:
        """What was found up to the end of a block; `losses` are those of its steps."""
        if losses is not None:
            self._hear(first_step, losses)
        found, self._found = self._found, []
        return tuple(found)

    @property
    def _epoch(self) -> int:
        return self._session.samples // len(self._session.parts["train"])

    def _hear(self, first_step: int, losses: NDArray[np.float64]) -> None:
        memory, start = self.memory, first_step
        if memory["untrained"] is None and len(losses) and np.isfinite(losses[0]):
            memory["untrained"] = float(losses[0])
        ends, self._ends = self._ends, []
        for step, due in ends:
            self._gather(losses[start - first_step : step - first_step + 1])
            start = step + 1
            self._end_mean()
            self._look_at_rate(step, due)
        self._gather(losses[start - first_step :])

    def _end_mean(self) -> None:
        memory = self.memory
        mean = memory["sum"] / max(1, memory["steps"])
        # What is not finite is told otherwise, and is no JSON.
        memory["means"] = [*memory["means"], mean][-SWINGS:] if np.isfinite(mean) else []
        memory["sum"], memory["steps"] = 0.0, 0

    def _gather(self, losses: NDArray[np.float64]) -> None:
        total = self.memory["sum"] + float(losses.sum())
        self.memory["sum"] = total if np.isfinite(total) else 0.0
        self.memory["steps"] += len(losses)

    def _look_for_dead(self) -> None:
        session = self._session
        for each in activities(session.network, session.plan, session.parts["train"], MORTAL):
            if each.dead is None:
                continue
            key = f"dead {each.layer}"
            before = self.memory["said"].get(key)
            if each.dead < DEAD:
                self.memory["said"].pop(key, None)
            elif before is None or each.dead >= before + WORSE:
                self.memory["said"][key] = each.dead
                self._say("verdict.dead", layer=each.layer, percent=round(100 * each.dead))

    def _look_at_way(self) -> None:
        """Of a plain function: whether each step jumps over the valley that it is to reach."""
        if not self._session.plan.descends:
            return
        module = self._session.network.layers[NAME]
        if isinstance(module, Function) and _jumps(module) and self._once("jumps"):
            rate = _short(self._session.learning_rate)
            self._say("verdict.rate_jumps", rate=rate, steps=SWINGS - 1)

    def _look_at_gap(self, validation: float | None, training: float | None) -> None:
        if validation is None or training is None or not np.isfinite([validation, training]).all():
            return
        best = self.memory["best"]
        if best is None or validation < best["validation"]:
            now = {"step": self._session.step, "validation": validation, "training": training}
            self.memory["best"] = now
            self.memory["said"].pop("overfit", None)
            return
        risen = validation > RISEN * best["validation"] and validation > APART * training
        if risen and training < best["training"] and self._once("overfit"):
            self._say(
                "verdict.overfit",
                validation=_short(validation),
                training=_short(training),
                best=_short(best["validation"]),
                since=best["step"],
            )

    def _look_at_rate(self, step: int, due: bool) -> None:
        memory = self.memory
        means, untrained = memory["means"], memory["untrained"]
        if due and len(means) > 1 and untrained and min(means[-2:]) > CLIMBED * untrained:
            if self._once("climbs"):
                rate, now = _short(self._session.learning_rate), _short(means[-1])
                self._say(
                    "verdict.rate_climbs", step, rate=rate, loss=now, untrained=_short(untrained)
                )
        elif _swings(means, HIGH * (untrained or 0.0)) and self._once("swings"):
            rate = _short(self._session.learning_rate)
            low, high = _short(min(means)), _short(max(means))
            self._say("verdict.rate_swings", step, rate=rate, low=low, high=high, epochs=len(means))

    def _once(self, key: str) -> bool:
        said = key in self.memory["said"]
        self.memory["said"][key] = 1
        return not said

    def _say(self, code: str, step: int | None = None, **params: Any) -> None:
        self._found.append(Verdict(code, params, self._session.step if step is None else step))


def _due(epoch: int) -> bool:
    """1, 2, 3, 4, 6, 8, 12, 16, 24 …: a run of any length is looked at a few dozen times."""
    return _power(epoch) or (epoch % 3 == 0 and _power(epoch // 3))


def _power(number: int) -> bool:
    return number > 0 and number & (number - 1) == 0


def _swings(means: list[float], above: float) -> bool:
    # At each end of an epoch: an array of so few numbers would cost more than a small net's steps.
    if len(means) < SWINGS or _mean(means) < above:
        return False
    moves = [after - before for before, after in pairwise(means)]
    if sum(a * b < 0 for a, b in pairwise(moves)) < TURNS:
        return False
    half = SWINGS // 2
    swing = _mean([abs(move) for move in moves]) / (_mean(means) or 1)
    return swing > SWUNG and _mean(means[half:]) > GAINED * _mean(means[:half])


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def _jumps(module: Function) -> bool:
    way = module.way()[-SWINGS:, :-1].double()
    moves = way.diff(dim=0)
    if len(moves) < SWINGS - 1 or module.thinned or not moves.isfinite().all():
        return False
    turned = (moves[1:] * moves[:-1]).sum(1) < 0
    return bool(turned.all() and moves[-1].norm() > SHORTER * moves[0].norm())


def _short(value: float) -> float:
    """Three digits, as much as a sentence needs."""
    return float(f"{value:.3g}")
