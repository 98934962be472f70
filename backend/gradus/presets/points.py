"""Presets on points of the plane. Half of the points are trained on, in batches of ten."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from gradus.presets.preset import Preset

# A person plays with them until tired: at full speed this lasts for minutes.
_ENDLESS = 1_000_000
_HALF = {"train": 0.5, "validation": 0.25, "test": 0.25}
_ALL = ["x", "y", "x2", "y2", "xy", "sin_x", "sin_y"]


def _net(
    name: str,
    options: Mapping[str, Any],
    terms: Sequence[str],
    units: Sequence[int],
    learning_rate: float,
    epochs: int = _ENDLESS,
    l2: float = 0.0,
) -> dict[str, Any]:
    data = {"name": name, "options": {"points": 500, **options}, "split": _HALF}
    return _document(name, data, terms, units, learning_rate, epochs, l2)


def _document(
    name: str,
    data: Mapping[str, Any],
    terms: Sequence[str],
    units: Sequence[int],
    learning_rate: float,
    epochs: int,
    l2: float = 0.0,
) -> dict[str, Any]:
    hidden = [{"type": "linear", "units": size, "activation": "tanh"} for size in units]
    return {
        "spec": "nn/1",
        "name": name,
        "data": dict(data),
        "network": {"layers": [{"type": "features", "terms": list(terms)}, *hidden, "linear"]},
        "train": {
            "epochs": epochs,
            "batch_size": 10,
            "optimizer": {"type": "adam", "learning_rate": learning_rate},
            "l2": l2,
        },
    }


def _face() -> list[list[float]]:
    """A face as a hand would draw it: the outline of class 0; eyes and mouth of class 1."""
    turns = [2 * math.pi * step / 44 for step in range(44)]
    smile = [math.pi * (1.18 + 0.64 * step / 16) for step in range(17)]
    outline = [[4.6 * math.cos(turn), 4.6 * math.sin(turn), 0] for turn in turns]
    mouth = [[2.5 * math.cos(turn), 2.5 * math.sin(turn), 1] for turn in smile]
    eyes = [
        [side * 1.6 + 0.4 * math.cos(turn), 1.6 + 0.55 * math.sin(turn), 1]
        for side in (-1, 1)
        for turn in turns[::4]
    ]
    return [[round(x, 2), round(y, 2), label] for x, y, label in (*outline, *mouth, *eyes)]


def _line() -> dict[str, Any]:
    """A line t = w·x + b through noisy points: its loss is a surface over two numbers.

    The seed begins far up a side of the valley. At this rate one point at a time still comes down.
    """
    options = {"points": 100, "noise": 0.3}
    return {
        "spec": "nn/1",
        "name": "a line, two numbers",
        "data": {"name": "plane", "options": options, "split": _HALF},
        "network": {"layers": [{"type": "features", "terms": ["x"]}, "linear"]},
        "train": {
            "epochs": 100,
            "batch_size": 10,
            "seed": 4,
            "optimizer": {"type": "sgd", "learning_rate": 0.02},
        },
    }


POINTS = (
    Preset(
        "spiral", {"en": "Spiral", "zh": "螺旋"}, _net("spiral", {}, _ALL, [8, 8], 0.01, l2=0.001)
    ),
    Preset(
        "spiral3",
        {"en": "Three spiral arms", "zh": "三臂螺旋"},
        {
            **_net("spiral", {"points": 600, "classes": 3}, _ALL, [10, 8], 0.01, l2=0.0003),
            "name": "three spiral arms",
        },
    ),
    Preset("circle", {"en": "Circle", "zh": "圆"}, _net("circle", {}, ["x", "y"], [4, 2], 0.01)),
    Preset("xor", {"en": "Exclusive or", "zh": "异或"}, _net("xor", {}, ["x", "y"], [4, 2], 0.01)),
    Preset("gauss", {"en": "Two clouds", "zh": "两团点"}, _net("gauss", {}, ["x", "y"], [2], 0.01)),
    Preset(
        "moons",
        {"en": "Two moons", "zh": "双月"},
        _net("moons", {"noise": 0.05}, ["x", "y"], [4, 4], 0.01),
    ),
    Preset(
        "plane",
        {"en": "Tilted plane (regression)", "zh": "斜面（回归）"},
        _net("plane", {}, ["x", "y"], [4], 0.003),
    ),
    Preset("line", {"en": "A line, two numbers", "zh": "一条直线，两个数"}, _line()),
    Preset(
        "drawn",
        {"en": "Draw your own points", "zh": "自己画点"},
        _document(
            "drawn",
            {"name": "drawn", "options": {"points": _face()}, "split": {"train": 0.8, "test": 0}},
            ["x", "y"],
            [8, 6],
            0.01,
            _ENDLESS,
        ),
    ),
)
