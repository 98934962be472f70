"""Verdicts on an alternation: none. Its losses rise and swing by their nature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gradus_engine.verdicts import Verdict

if TYPE_CHECKING:
    from gradus_engine.alternation.session import Alternation


class Silence:
    """Answers `train` as `Verdicts` does: only the last epoch's end has to be looked at."""

    def __init__(self, session: Alternation) -> None:
        self._session = session

    def end_epochs(self, steps: Sequence[int]) -> bool:
        """Epochs were over after these steps: whether the last of them has to be looked at."""
        return self._session.finished

    def forget(self) -> None:
        """There is nothing to forget."""

    def look(self, measured: Mapping[str, float]) -> None:
        """Nothing is made of it."""

    def take(self, first_step: int, losses: NDArray[np.float64] | None) -> tuple[Verdict, ...]:
        return ()
