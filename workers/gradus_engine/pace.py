"""How far one block may go: by wall clock, to a step, to a number of samples."""


class Pace:
    """Limits that the caller of `train` may change between two blocks.

    `seconds` bounds one block by wall clock, checked after every step; a block has at least one
    step. `step` and `samples` are where training stops: from there on a block is empty. `exact` is
    where the next block ends, whatever else would end it: at the step of a run beside.
    """

    def __init__(
        self, *, seconds: float | None = None, step: int | None = None, samples: int | None = None
    ) -> None:
        self.seconds = seconds
        self.step = step
        self.samples = samples
        self.exact: int | None = None
        self._deadline = float("inf")
        self._cut = False

    def cut(self) -> None:
        """End the block under way after the step being computed; any thread may call this."""
        self._cut = True

    def begin(self, now: float) -> None:
        """A block begins at `now` of `time.perf_counter`."""
        self._deadline = float("inf") if self.seconds is None else now + self.seconds

    def end(self) -> None:
        """The block is over; a cut has been answered."""
        self._cut = False

    def goal(self, step: int, samples: int) -> bool:
        """Whether training is to stop here."""
        if self.step is not None and step >= self.step:
            return True
        return self.samples is not None and samples >= self.samples

    def over(self, now: float) -> bool:
        """Whether the block has to end at `now`, by clock or by a cut."""
        return self.exact is None and (self._cut or now >= self._deadline)
