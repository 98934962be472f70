"""How functions of the loop are compiled."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

from gradus_engine.dense.cache import folder

# Nothing is allocated in compiled code, so no array has to be counted: counting every row that is
# looked at took two thirds of a toy's step.
_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}

F = TypeVar("F", bound=Callable[..., Any])

# Sums may be taken in another order, products joined with sums; infinities and NaN keep their
# meaning, because a diverging network is something to look at.
FAST = frozenset({"reassoc", "nsz", "contract", "arcp"})


def compiled(function: F) -> F:
    """A function that is compiled into whatever calls it."""
    made = numba.njit(fastmath=set(FAST), **_OPTIONS)(function)
    return cast(F, made)


def written_out(function: F) -> F:
    """A function whose text stands in for every call: what gives a view of an array has to."""
    made = numba.njit(fastmath=set(FAST), inline="always", **_OPTIONS)(function)
    return cast(F, made)


def kept(signature: str) -> Callable[[F], F]:
    """A function that is compiled for one signature at its import, or loaded from the folder."""
    config: Any = numba.config
    config.CACHE_DIR = str(folder())
    made = numba.njit(signature, fastmath=set(FAST), cache=True, **_OPTIONS)
    return cast(Callable[[F], F], made)
