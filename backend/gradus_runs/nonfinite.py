"""Numbers that JSON has no word for: they travel as "NaN", "Infinity" and "-Infinity"."""

import json
import math
from collections.abc import Mapping
from typing import Any

SPELLED = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def spell(value: Any) -> Any:
    """`value` with every float that is not finite replaced by its word, at any depth.

    >>> spell({"loss": float("inf")})
    {'loss': 'Infinity'}
    """
    if isinstance(value, float):
        return value if math.isfinite(value) else _word(value)
    if isinstance(value, Mapping):
        return {key: spell(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [spell(inner) for inner in value]
    return value


def _word(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def unspell(value: float | str) -> float:
    """The number that `spell` wrote.

    >>> unspell("-Infinity")
    -inf
    """
    return SPELLED[value] if isinstance(value, str) else float(value)


def dump(value: Any) -> str:
    """Compact JSON; raises ValueError for a float that is not finite, which must be spelled first."""
    return json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
