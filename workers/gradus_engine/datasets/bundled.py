"""Small real sets that scikit-learn carries with it.

It is imported where it is used: that takes a second, and most runs never ask for it.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

Table = tuple[NDArray[np.float64], NDArray[np.int64]]


# Reading the file takes as long as thirty training steps, and drafts are drawn at every edit.
@cache
def digits() -> Table:
    """1,797 handwritten digits [N, 1, 8, 8], grey values from 0 to 1 (UCI, Alpaydin and Kaynak 1998)."""
    from sklearn.datasets import load_digits

    bunch = load_digits()
    return bunch.images[:, None] / 16, bunch.target.astype(np.int64)


def iris() -> Table:
    """150 irises [N, 4], lengths and widths of sepal and petal in cm (Fisher 1936)."""
    from sklearn.datasets import load_iris

    bunch = load_iris()
    return bunch.data, bunch.target.astype(np.int64)


BUNDLED: dict[str, Callable[[], Table]] = {"digits": digits, "iris": iris}
