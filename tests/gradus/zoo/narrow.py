"""Published networks in narrow: the same layers in the same order, an eighth as wide, few repeats."""

from typing import Any

SHARE = 8
WIDTHS = frozenset(
    {
        "units", "filters", "hidden", "width", "one", "three", "five", "double", "narrow", "wide",
        "words", "pooled", "reduce_three", "reduce_five", "reduce_double",
    }
)  # fmt: skip
FEWEST = {"times": 2, "buckets": 1000}
PIXELS = 784  # of a picture that a network makes: no width, though it is one's units


def narrow(written: Any, key: str = "") -> Any:
    """A document, or a part of one found under `key`, with everything wide made narrow."""
    if isinstance(written, dict):
        vectors = written.get("type") == "reshape"
        return {name: narrow(each, "maps" if vectors else name) for name, each in written.items()}
    if isinstance(written, list):
        if key == "maps":  # channels of what was a vector
            return [_share(written[0]), *written[1:]]
        return [narrow(each, key) for each in written]
    if isinstance(written, bool) or not isinstance(written, int):
        return written
    if key in WIDTHS:
        return _share(written)
    return min(written, FEWEST.get(key, written))


def _share(width: int) -> int:
    """The share of a width; what is few (classes, numbers of a choice) stays."""
    shared = width >= 2 * SHARE and width % SHARE == 0 and width != PIXELS
    return width // SHARE if shared else width
