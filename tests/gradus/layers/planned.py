"""A layer as it is planned alone, for the tests of each family."""

from typing import Any

import pytest

from gradus.plan import plan
from gradus.planned import LayerPlan
from gradus.problems import SpecError


def planned(layer: Any, shape: list[Any]) -> LayerPlan:
    """The plan of one written layer on an input of `shape`."""
    document = {"spec": "nn/1", "network": {"input": shape, "layers": [layer]}}
    return plan(document).network.layers[0]


def refusals(layer: Any, shape: list[Any]) -> list[str]:
    """The codes of the problems for which it is refused."""
    with pytest.raises(SpecError) as refused:
        planned(layer, shape)
    return [each.code for each in refused.value.problems]
