"""Presets on points of the plane. Half of the points are trained on, in batches of ten."""

from collections.abc import Mapping, Sequence
from typing import Any

from gradus.presets.preset import Preset

_HALF = {"train": 0.5, "validation": 0.25, "test": 0.25}
_ALL = ["x", "y", "x2", "y2", "xy", "sin_x", "sin_y"]


def _net(
    name: str,
    options: Mapping[str, Any],
    terms: Sequence[str],
    units: Sequence[int],
    learning_rate: float,
    epochs: int = 400,
    l2: float = 0.0,
) -> dict[str, Any]:
    hidden = [{"type": "linear", "units": size, "activation": "tanh"} for size in units]
    return {
        "spec": "nn/1",
        "name": name,
        "data": {"name": name, "options": {"points": 500, **options}, "split": _HALF},
        "network": {"layers": [{"type": "features", "terms": list(terms)}, *hidden, "linear"]},
        "train": {
            "epochs": epochs,
            "batch_size": 10,
            "optimizer": {"type": "adam", "learning_rate": learning_rate},
            "l2": l2,
        },
    }


POINTS = (
    Preset(
        "spiral", {"en": "Spiral", "zh": "螺旋"}, _net("spiral", {}, _ALL, [8, 8], 0.01, l2=0.001)
    ),
    Preset("circle", {"en": "Circle", "zh": "圆"}, _net("circle", {}, ["x", "y"], [4, 2], 0.01)),
    Preset("xor", {"en": "Exclusive or", "zh": "异或"}, _net("xor", {}, ["x", "y"], [4, 2], 0.01)),
    Preset(
        "gauss", {"en": "Two clouds", "zh": "两团点"}, _net("gauss", {}, ["x", "y"], [2], 0.01, 100)
    ),
    Preset(
        "moons",
        {"en": "Two moons", "zh": "双月"},
        _net("moons", {"noise": 0.05}, ["x", "y"], [4, 4], 0.01),
    ),
    Preset(
        "plane",
        {"en": "Tilted plane (regression)", "zh": "斜面（回归）"},
        _net("plane", {}, ["x", "y"], [4], 0.003, 200),
    ),
)
