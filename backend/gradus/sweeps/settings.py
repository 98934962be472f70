"""The settings of a sweep: one value for each place that varies, in the order of the places."""

import itertools
from collections.abc import Sequence
from typing import Any

from gradus.seeds import derive
from gradus.sweeps.request import Range, SweepRequest, Values

UNIT = 2.0**63  # one more than the largest seed that `derive` gives
PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53)  # one a place


def settings(request: SweepRequest) -> list[tuple[Any, ...]]:
    """All settings of a grid, or as many random or evenly spread ones as are asked for."""
    if request.method == "grid":
        each = [list(vary.values) for vary in request.vary if isinstance(vary, Values)]
        return list(itertools.product(*each))
    choose = spread if request.method == "qmc" else drawn
    return [choose(request.vary, request.seed, index) for index in range(request.settings)]


def drawn(vary: Sequence[Values | Range], seed: int, index: int) -> tuple[Any, ...]:
    """The random setting of a number: a function of seed and number alone, so that a longer sweep
    begins with the settings of a shorter one."""
    return tuple(_at(each, derive(seed, "sweep", each.path, index) / UNIT) for each in vary)


def spread(vary: Sequence[Values | Range], seed: int, index: int) -> tuple[Any, ...]:
    """The setting of a number in a Halton sequence (1960), whose points leave no large gaps: its
    digits permuted (Braaten and Weller 1979), and all of it shifted, by the seed."""
    return tuple(
        _at(each, _shifted(index, prime, derive(seed, "sweep", each.path)))
        for each, prime in zip(vary, PRIMES, strict=False)
    )


def _shifted(index: int, base: int, seed: int) -> float:
    """As Cranley and Patterson (1976) shift: around the end, so that the gaps stay."""
    return min((_halton(index + 1, base, seed) + seed / UNIT) % 1.0, 1 - 2**-53)


def _halton(index: int, base: int, seed: int) -> float:
    """The digits of `index` behind the point, each permuted in a way of its own."""
    value, scale, place = 0.0, 1.0 / base, 0
    while index:
        index, digit = divmod(index, base)
        value += _permuted(digit, base, seed, place) * scale
        scale, place = scale / base, place + 1
    return value


def _permuted(digit: int, base: int, seed: int, place: int) -> int:
    """0 stays, so that digits that are not written are 0; the rest are shuffled."""
    if digit == 0:
        return 0
    rank = [derive(seed, "digit", str(each), place) for each in range(1, base)]
    return 1 + sorted(range(base - 1), key=rank.__getitem__)[digit - 1]


def _at(vary: Values | Range, unit: float) -> Any:
    """The value at `unit`, from 0 up to but not 1, of the way."""
    if isinstance(vary, Values):
        return vary.values[int(unit * len(vary.values))]
    low, high = vary.low, vary.high
    if vary.step is not None:
        return vary.at(int(unit * (vary.steps + 1)))
    if vary.whole:
        return min(int(_between(low, high + 1, unit, vary.log)), int(high))
    return min(max(_between(low, high, unit, vary.log), float(low)), float(high))


def _between(low: float, high: float, unit: float, log: bool) -> float:
    return low * (high / low) ** unit if log else low + (high - low) * unit


def ends(vary: Sequence[Values | Range]) -> list[tuple[Any, ...]]:
    """Settings that show whether anything within the ranges could not be planned: all low, all
    high, and every single value or bound beside the low ones."""
    each = [list(v.values) if isinstance(v, Values) else [v.low, v.high] for v in vary]
    low, high = tuple(part[0] for part in each), tuple(part[-1] for part in each)
    single = [
        (*low[:index], value, *low[index + 1 :])
        for index, part in enumerate(each)
        for value in part[1:]
    ]
    return [low, *single, high]
