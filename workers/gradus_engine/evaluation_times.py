"""When a run that is merely looked at is evaluated."""

import time

# The first evaluations come at every epoch's end if they can, so that a short run has a whole
# curve; a long run spends at most SHARE of its time on them, and shows no more than a few a second.
EARLY = 20
EARLY_SECONDS = 0.02
EARLY_SHARE = 0.25
SECONDS = 0.25
SHARE = 0.02


class EvaluationTimes:
    """Whether an evaluation is due at an epoch's end.

    By wall clock, less what other runs of this process computed while this one was not on turn:
    else a child with forty runs would do little but evaluate them. Times are those of
    `time.perf_counter`.
    """

    def __init__(self) -> None:
        self._count = 0
        self._next = 0.0
        self._away: tuple[float, float] | None = None

    def leave(self) -> None:
        """This run's turn is over for now."""
        self._away = time.perf_counter(), time.process_time()

    def come(self) -> None:
        """It is its turn again: what was computed meanwhile was for others."""
        if self._away is not None:
            passed, computed = time.perf_counter(), time.process_time()
            self._next += min(passed - self._away[0], computed - self._away[1])
            self._away = None

    def due(self, now: float) -> bool:
        return now >= self._next

    def done(self, started: float, seconds: float) -> None:
        """An evaluation began at `started` and took `seconds`."""
        self._count += 1
        if self._count <= EARLY:
            self._next = started + max(EARLY_SECONDS, seconds / EARLY_SHARE)
        else:
            self._next = started + max(SECONDS, seconds / SHARE)
