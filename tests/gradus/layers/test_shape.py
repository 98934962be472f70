"""Layers that only rearrange, as they are planned."""

from typing import Any

import pytest

from tests.gradus.layers.planned import planned, refusals


@pytest.mark.parametrize(
    ("layer", "shape", "output"),
    [
        ("flatten", [3, 9, 8], (216,)),
        ({"type": "reshape", "shape": [2, -1]}, [6, 4], (2, 12)),
        ({"type": "permute", "axes": [2, 0, 1]}, [6, 4, 5], (5, 6, 4)),
        ({"type": "upsample", "factor": [2, 3]}, [6, 4, 5], (6, 8, 15)),
        ({"type": "pad", "sides": [[1, 2]], "channels": [0, 3]}, [6, 4], (9, 7)),
        ({"type": "select", "axis": 1, "index": 0}, [6, 4, 5], (6, 5)),
    ],
)
def test_output(layer: Any, shape: list[int], output: tuple[int, ...]) -> None:
    assert planned(layer, shape).output == output


@pytest.mark.parametrize(
    ("layer", "shape", "code"),
    [
        ({"type": "reshape", "shape": [3, 3]}, [8], "shape.reshape"),
        ({"type": "reshape", "shape": [-1, -1]}, [8], "shape.reshape"),
        ({"type": "reshape", "shape": [3, -1]}, [8], "shape.reshape"),
        ({"type": "permute", "axes": [0, 0]}, [4, 8], "shape.permute"),
        ({"type": "permute", "axes": [0]}, [4, 8], "shape.permute"),
        ({"type": "pad", "sides": [[1, 1]]}, [3, 8, 8], "shape.sides"),
        ({"type": "select", "index": 4}, [4, 8], "shape.index"),
        ({"type": "select", "index": -5}, [4, 8], "shape.index"),
        ({"type": "select", "axis": 2}, [4, 8], "shape.axis"),
    ],
)
def test_what_does_not_fit_is_refused(layer: Any, shape: list[int], code: str) -> None:
    assert refusals(layer, shape) == [code]
