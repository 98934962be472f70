"""The settings of grids, random ones, and those of an even spread."""

import itertools
import math
from typing import Any

import pytest

from gradus.sweeps.request import SweepRequest
from gradus.sweeps.settings import settings


def chosen(method: str, *vary: dict[str, Any], **fields: Any) -> list[tuple[Any, ...]]:
    asked = {"document": {}, "method": method, "vary": list(vary), **fields}
    return settings(SweepRequest.model_validate(asked))


RATE = {"path": "/rate", "low": 1e-4, "high": 1e-1, "log": True}
UNITS = {"path": "/units", "low": 4, "high": 6}
STEPS = {"path": "/noise", "low": 0.0, "high": 0.5, "step": 0.1}
RULES = {"path": "/rule", "values": ["sgd", "adam"]}


def test_a_grid_has_every_combination_in_order() -> None:
    other = {"path": "/batch", "values": [1, 2, 3]}
    assert chosen("grid", RULES, other)[:4] == [("sgd", 1), ("sgd", 2), ("sgd", 3), ("adam", 1)]


@pytest.mark.parametrize("method", ["random", "qmc"])
def test_chosen_values_lie_within_their_ranges(method: str) -> None:
    found = chosen(method, RATE, UNITS, STEPS, RULES, members=300)
    assert all(1e-4 <= rate <= 1e-1 for rate, *_ in found)
    assert {units for _, units, *_ in found} == {4, 5, 6}
    assert {round(10 * noise, 6) for _, _, noise, _ in found} == {0, 1, 2, 3, 4, 5}
    assert {rule for *_, rule in found} == {"sgd", "adam"}


@pytest.mark.parametrize("method", ["random", "qmc"])
def test_by_the_logarithm_each_decade_is_as_likely(method: str) -> None:
    found = [math.log10(rate) for (rate,) in chosen(method, RATE, members=900)]
    for decade in (-4, -3, -2):
        assert 240 < sum(decade <= each < decade + 1 for each in found) < 360


def test_the_same_seed_chooses_the_same_and_a_longer_sweep_begins_like_a_shorter() -> None:
    for method in ("random", "qmc"):
        short = chosen(method, RATE, UNITS, members=10, seed=3)
        assert chosen(method, RATE, UNITS, members=20, seed=3)[:10] == short
        assert chosen(method, RATE, UNITS, members=10, seed=4) != short


def test_an_even_spread_leaves_no_large_gaps() -> None:
    line = {"path": "/x", "low": 0.0, "high": 1.0}
    found = sorted(x for (x,) in chosen("qmc", line, members=63))
    gaps = [later - earlier for earlier, later in itertools.pairwise(found)]
    assert max(gaps) < 2.1 / 64
