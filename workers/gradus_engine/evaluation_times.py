"""When a run that is merely looked at is evaluated."""

# The first evaluations come at every epoch's end if they can, so that a short run has a whole
# curve; a long run spends at most SHARE of its time on them, and shows no more than a few a second.
EARLY = 20
EARLY_SECONDS = 0.02
EARLY_SHARE = 0.25
SECONDS = 0.25
SHARE = 0.02


class EvaluationTimes:
    """Whether an evaluation is due at an epoch's end, by wall clock."""

    def __init__(self) -> None:
        self._count = 0
        self._next = 0.0

    def due(self, now: float) -> bool:
        """Whether to evaluate at `now` of `time.perf_counter`."""
        return now >= self._next

    def done(self, started: float, seconds: float) -> None:
        """An evaluation began at `started` and took `seconds`."""
        self._count += 1
        if self._count <= EARLY:
            self._next = started + max(EARLY_SECONDS, seconds / EARLY_SHARE)
        else:
            self._next = started + max(SECONDS, seconds / SHARE)
