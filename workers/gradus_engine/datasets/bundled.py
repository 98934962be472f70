"""Small real sets whose files scikit-learn carries with it.

They are read without it: to import it takes a second and sixty megabytes of every process.
"""

import gzip
import importlib.util
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Table = tuple[NDArray[np.float64], NDArray[np.int64]]


# Reading the file takes as long as thirty training steps, and drafts are drawn at every edit.
@cache
def digits() -> Table:
    """1,797 handwritten digits [N, 1, 8, 8], grey values from 0 to 1 (UCI, Alpaydin and Kaynak 1998)."""
    with gzip.open(_file("digits.csv.gz"), "rt") as rows:
        table = np.loadtxt(rows, delimiter=",")
    return table[:, :-1].reshape(-1, 1, 8, 8) / 16, table[:, -1].astype(np.int64)


def iris() -> Table:
    """150 irises [N, 4], lengths and widths of sepal and petal in cm (Fisher 1936)."""
    table = np.loadtxt(_file("iris.csv"), delimiter=",", skiprows=1)
    return table[:, :-1], table[:, -1].astype(np.int64)


def _file(name: str) -> Path:
    found = importlib.util.find_spec("sklearn")
    if found is None or found.origin is None:
        raise LookupError("scikit-learn, which carries these data, is not installed")
    return Path(found.origin).parent / "datasets" / "data" / name


BUNDLED: dict[str, Callable[[], Table]] = {"digits": digits, "iris": iris}
