"""How often a run may be looked at, and kept: rules of time, apart from what they allow."""

from dataclasses import dataclass

FRAMES_A_SECOND = 30.0
SHARE = 0.02  # of the training time, where a step costs more than a millisecond
SHARE_OF_TOYS = 0.2
TOY_STEP_SECONDS = 0.001
LEAST_EVERY = 1.0  # seconds: who watches sees something new at least that often
MEMORY_SECONDS = 2.0  # what was spent longer ago than this counts for nothing


@dataclass(slots=True)
class FrameBudget:
    """Whether another picture of one run may be computed now.

    Training and pictures are counted over the last seconds only, so that an hour of unwatched
    training does not pay for a minute of nothing but pictures.
    """

    trained: float = 0.0
    steps: int = 0
    drawn: float = 0.0
    last: float = float("-inf")

    def train(self, seconds: float, steps: int) -> None:
        """Count a block of training."""
        if self.trained > MEMORY_SECONDS:
            self.trained, self.drawn, self.steps = self.trained / 2, self.drawn / 2, self.steps // 2
        self.trained += seconds
        self.steps += steps

    def draw(self, now: float, seconds: float) -> None:
        """Count a picture that was finished at `now`."""
        self.last = now
        self.drawn += seconds

    def allows(self, now: float) -> bool:
        return now - self.last >= LEAST_EVERY or self.drawn <= self.share * self.trained

    @property
    def share(self) -> float:
        cost = self.trained / self.steps if self.steps else 0.0
        return SHARE if cost > TOY_STEP_SECONDS else SHARE_OF_TOYS


@dataclass(slots=True)
class CheckpointBudget:
    """When the next checkpoint by time is due: seldom enough to cost at most a fiftieth."""

    every: float  # seconds
    last: float
    cost: float = 0.0
    step: int = 0

    def due(self, now: float, step: int) -> bool:
        return step > self.step and now - self.last >= max(self.every, 50 * self.cost)

    def spent(self, now: float, step: int, seconds: float) -> None:
        self.last, self.step, self.cost = now, step, seconds


def snapshot_after(step: int) -> int:
    """The first log-spaced step beyond `step`, four for each doubling: 1, 2, …, 8, 10, 12, 14, 16, 20, …

    >>> [snapshot_after(step) for step in (0, 1, 8, 100)]
    [1, 2, 10, 112]
    """
    spacing = max(1, 1 << max(0, step.bit_length() - 3))  # a quarter of the power of two below
    return (step // spacing + 1) * spacing
