"""The share of the learning rate that holds at a place in the training. e epochs of E are over."""

import math
from collections.abc import Callable, Mapping
from typing import Any

Fields = Mapping[str, Any]


def _constant(fields: Fields, e: float, total: float) -> float:
    return 1.0


def _step(fields: Fields, e: float, total: float) -> float:
    """γ^⌊e / every⌋."""
    return float(fields["gamma"] ** (e // fields["every"]))


def _exponential(fields: Fields, e: float, total: float) -> float:
    """γ^⌊e⌋."""
    return float(fields["gamma"] ** math.floor(e))


def _cosine(fields: Fields, e: float, total: float) -> float:
    """floor + (1 − floor) (1 + cos(π e / E)) / 2."""
    return _between(1.0, fields["floor"], e / total)


def _one_cycle(fields: Fields, e: float, total: float) -> float:
    """From start to 1 within the first `rise` of all epochs, then to floor."""
    passed, rise = e / total, fields["rise"]
    if passed < rise:
        return _between(fields["start"], 1.0, passed / rise)
    return _between(1.0, fields["floor"], (passed - rise) / (1 - rise)) if rise < 1 else 1.0


def _warmup(fields: Fields, e: float, total: float) -> float:
    """start + (1 − start) e / w within w epochs; then 1, or √(w / e)."""
    width = fields["epochs"]
    if e < width:
        return float(fields["start"] + (1 - fields["start"]) * e / width)
    return math.sqrt(width / e) if fields["after"] == "inverse_sqrt" else 1.0


def _between(first: float, last: float, passed: float) -> float:
    """Half a cosine from `first` at 0 to `last` at 1, where it stays."""
    return last + (first - last) * (1 + math.cos(math.pi * min(1.0, passed))) / 2


SCHEDULES: dict[str, Callable[[Fields, float, float], float]] = {
    "constant": _constant,
    "step": _step,
    "exponential": _exponential,
    "cosine": _cosine,
    "one_cycle": _one_cycle,
    "warmup": _warmup,
}


def share(schedule: Fields, epochs: float, total: float) -> float:
    """What the learning rate is multiplied by when `epochs` of `total` are over."""
    return SCHEDULES[schedule["type"]](schedule, epochs, total)
