"""The pictures of one held run: which is due, and how it travels."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradus.probes import Probe
from gradus_engine.probes import Picture
from gradus_runs.errors import RunsError
from gradus_runs.frames import Scaled, encode
from gradus_worker.budget import FRAMES_A_SECOND, FrameBudget
from gradus_worker.faults import short

log = logging.getLogger(__name__)
NEVER = -1
GAP_SECONDS = 1 / FRAMES_A_SECOND


@dataclass(slots=True)
class Drawn:
    """When a picture was last drawn (time.monotonic) and of which step."""

    at: float
    step: int


@dataclass(slots=True)
class Pictures:
    """What is wanted of one run, served in turn: the one drawn longest ago first."""

    wanted: Mapping[str, Probe] = field(default_factory=dict)
    drawn: dict[str, Drawn] = field(default_factory=dict)
    budget: FrameBudget = field(default_factory=FrameBudget)

    def want(self, wanted: Mapping[str, Probe]) -> None:
        """Replace what is watched; a picture that was away is new when it comes back."""
        self.wanted = wanted
        self.drawn = {name: drawn for name, drawn in self.drawn.items() if name in wanted}

    def due(self, now: float, step: int, training: bool, idle: bool = False) -> str | None:
        """The hash of the picture to draw now. A run at rest is drawn once a change, unbudgeted.

        In an `idle` moment, while a run waits for its next step, pictures take nobody's time.
        """
        if not self.wanted:
            return None
        name = min(self.wanted, key=self._last)
        drawn = self.drawn.get(name)
        if drawn is None:
            return name
        # Beside one that has just been drawn, so that all come to show the same steps.
        together = any(other.step == step for other in self.drawn.values())
        gap = GAP_SECONDS / 2 if together else GAP_SECONDS
        if drawn.step == step or now - drawn.at < gap:
            return self._stale(step) if not training else None
        return name if not training or idle or self.budget.allows(now) else None

    def age(self) -> None:
        """The net has changed without a step: everything is to be drawn once more."""
        for drawn in self.drawn.values():
            drawn.step = NEVER

    def done(self, name: str, step: int, seconds: float) -> None:
        """A picture of `step` was drawn, or failed to be, in `seconds`."""
        now = time.monotonic()
        self.drawn[name] = Drawn(now, step)
        self.budget.draw(now, seconds)

    def _last(self, name: str) -> float:
        drawn = self.drawn.get(name)
        return drawn.at if drawn else float("-inf")

    def _stale(self, step: int) -> str | None:
        return next((name for name in self.wanted if self.drawn[name].step != step), None)


def frame(run: str, name: str, epoch: int, picture: Picture) -> bytes:
    """A picture as it travels; `epoch` is that of the lease, `name` the probe's hash."""
    head = {
        "run": run,
        "probe": name,
        "kind": picture.kind,
        "step": picture.step,
        "epoch": epoch,
        "meta": dict(picture.meta),
    }
    return encode(head, {key: _body(array) for key, array in picture.arrays.items()})


EXPECTED = (ValueError, RuntimeError, MemoryError, RunsError)


def refusal(run: str, name: str, error: Exception) -> bytes:
    """A frame that says why there is no picture. An error of ours goes to the log, too."""
    if not isinstance(error, EXPECTED):
        log.error("no picture of %s", run or "a draft", exc_info=error)
    said = {"message": str(error) if isinstance(error, EXPECTED) else short(error)}
    meta: dict[str, Any] = {"code": "probe", "params": said, **said}
    if isinstance(error, RunsError):
        meta |= {"code": error.code, "params": error.params}
    head = {"run": run, "probe": name, "kind": "problem", "step": 0, "epoch": 0, "meta": meta}
    return encode(head, {})


def _body(array: NDArray[np.generic]) -> NDArray[np.generic] | Scaled:
    """Maps and fields [channels, height, width] as bytes with a scale each; the rest as it is.

    What is float16 already is computed with by the page and keeps its precision.
    """
    if array.ndim >= 3 and array.dtype.kind == "f" and array.dtype != np.float16:
        return Scaled(array, each=True)
    return array
