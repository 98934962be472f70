"""Which sample belongs to which part."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.random import RandomState
from numpy.typing import NDArray

Indices = NDArray[np.int64]


def split(
    sizes: Mapping[str, int], classes: NDArray[Any] | None, random: RandomState, total: int
) -> dict[str, Indices]:
    """Disjoint index sets of exactly `sizes`, drawn from `total` samples.

    With `classes` [total] every part holds each class in proportion, to within one sample: a
    class's samples are spread evenly over one long order, which is then cut.
    """
    order = random.permutation(total)
    if classes is not None:
        order = order[np.argsort(_quantiles(classes[order]), kind="stable")]
    ends = np.cumsum(list(sizes.values()))
    return dict(zip(sizes, np.split(order, ends)[: len(sizes)], strict=True))


def _quantiles(classes: NDArray[Any]) -> NDArray[np.float64]:
    """For each sample, how far along its class it stands: (rank + ½) / size."""
    quantiles = np.empty(len(classes))
    for label in np.unique(classes):
        members = np.flatnonzero(classes == label)
        quantiles[members] = (np.arange(len(members)) + 0.5) / len(members)
    return quantiles
