"""How functions of the loop are compiled."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

from gradus_engine.dense.cache import folder

F = TypeVar("F", bound=Callable[..., Any])

# Sums may be taken in another order, products joined with sums; infinities and NaN keep their
# meaning, because a diverging network is something to look at.
FAST = frozenset({"reassoc", "nsz", "contract", "arcp"})


def compiled(function: F) -> F:
    """A function that is compiled into whatever calls it."""
    made = numba.njit(nogil=True, fastmath=set(FAST), error_model="numpy")(function)
    return cast(F, made)


def kept(signature: str) -> Callable[[F], F]:
    """A function that is compiled for one signature at its import, or loaded from the folder."""
    config: Any = numba.config
    config.CACHE_DIR = str(folder())
    made = numba.njit(signature, nogil=True, fastmath=set(FAST), error_model="numpy", cache=True)
    return cast(Callable[[F], F], made)
