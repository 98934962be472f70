"""Points of a series. A point stands for a block of steps."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Points:
    """Columns of equal length, one row a point: three of int64, four of float64."""

    first_step: NDArray[np.int64]
    last_step: NDArray[np.int64]
    count: NDArray[np.int64]
    mean: NDArray[np.float64]
    min: NDArray[np.float64]
    max: NDArray[np.float64]
    last: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.mean)


def block(first_step: int, values: NDArray[np.float64], last_step: int | None = None) -> Points:
    """One point for the values of the steps from `first_step` on: one value a step, or fewer where
    `last_step` is given.
    """
    # Overflow and NaN are what a diverged run shows, not a mistake of this arithmetic.
    with np.errstate(invalid="ignore", over="ignore"):
        statistics = values.mean(), values.min(), values.max(), values[-1]
    last = first_step + len(values) - 1 if last_step is None else last_step
    steps = first_step, last, len(values)
    return Points(*(np.array([n]) for n in steps), *(np.array([v]) for v in statistics))


def single(step: int, value: float) -> Points:
    """One value measured after `step`."""
    steps, values = np.array([[step], [step], [1]]), np.full((4, 1), value)
    return Points(*steps, *values)


def join(points: Sequence[Points]) -> Points:
    """The rows of all `points`, in order."""
    if len(points) == 1:
        return points[0]
    columns = (np.concatenate([getattr(p, f.name) for p in points]) for f in fields(Points))
    return Points(*columns)
