"""NaN and the infinities survive JSON, and nothing else does unspelled."""

import json
import math

import pytest

from gradus_runs.nonfinite import dump, spell, unspell


def test_every_depth_is_spelled() -> None:
    spelled = spell({"a": [1, -0.0, {"b": (math.nan, math.inf)}], "c": -math.inf, "d": "NaN"})
    assert spelled == {"a": [1, -0.0, {"b": ["NaN", "Infinity"]}], "c": "-Infinity", "d": "NaN"}


@pytest.mark.parametrize("value", [0.1, -0.0, 5e-324, 1.7e308, math.inf, -math.inf, math.nan])
def test_unspell_reverses(value: float) -> None:
    again = unspell(json.loads(dump(spell(value))))
    assert math.isnan(again) if math.isnan(value) else math.copysign(1, again) * abs(again) == value


def test_unspelled_numbers_are_refused_rather_than_lost() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        dump({"loss": math.nan})
