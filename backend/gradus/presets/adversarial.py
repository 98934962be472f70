"""A generator and a discriminator: on points of the plane, and on digits that are asked for."""

from typing import Any

from gradus.presets.preset import Preset
from gradus.zoo.adversarial import steps


def _layers(activation: str, units: int) -> list[dict[str, Any]]:
    hidden = {"type": "linear", "units": 32, "activation": activation, "init": "he"}
    return [hidden, hidden, {"type": "linear", "units": units}]


GAN_RING = Preset(
    "gan_ring",
    {"en": "GAN on a ring", "zh": "环上的生成对抗网络"},
    {
        "spec": "nn/1",
        "name": "gan on a ring",
        "data": {
            "name": "ring",
            "options": {"points": 1000},
            "split": {"train": 0.8, "validation": 0.1, "test": 0.1},
        },
        "networks": {
            "g": {"input": [2], "layers": _layers("relu", 2)},
            "d": {"input": [2], "layers": _layers("leaky_relu", 1)},
        },
        "train": {
            "epochs": 5_000,
            "batch_size": 128,
            "optimizer": {"type": "adam", "learning_rate": 0.001, "betas": [0.5, 0.9]},
            "steps": steps("noise", "batch", "fake"),
        },
    },
)

_POINT, _DIGIT, _CLASSES = [16], [1, 8, 8], [10]


def _dense(units: int, activation: str, **more: Any) -> dict[str, Any]:
    return {"type": "linear", "units": units, "activation": activation, **more}


def _asked(call: Any) -> dict[str, Any]:
    """What a network reads beside the class that is asked for."""
    return {"point": call, "label": "target"}


_DROP = {"type": "dropout", "rate": 0.3}
_GENERATOR = [
    _dense(64, "relu", name="of_noise", **{"from": "point"}),
    {"type": "concat", "from": ["of_noise", "label"]},
    _dense(128, "relu", init="he"),
    _dense(128, "relu", init="he"),
    _dense(64, "sigmoid"),
    {"type": "reshape", "shape": _DIGIT},
]
_DISCRIMINATOR = [
    {"type": "flatten", "from": "point"},
    {"type": "concat", "from": ["flatten_1", "label"]},
    _dense(128, "leaky_relu", init="he"),
    _DROP,
    _dense(128, "leaky_relu", init="he"),
    _DROP,
    {"type": "linear", "units": 1},
]

GAN_DIGITS = Preset(
    "gan_digits",
    {"en": "GAN that draws the digit asked for", "zh": "按要求画数字的条件生成对抗网络"},
    {
        "spec": "nn/1",
        "name": "gan on digits",
        "data": {"name": "digits"},
        "networks": {
            "g": {"inputs": {"point": _POINT, "label": _CLASSES}, "layers": _GENERATOR},
            "d": {"inputs": {"point": _DIGIT, "label": _CLASSES}, "layers": _DISCRIMINATOR},
        },
        "train": {
            "epochs": 400,
            "batch_size": 64,
            "optimizer": {"type": "adam", "learning_rate": 0.001, "betas": [0.5, 0.9]},
            "steps": steps(_asked("noise"), _asked("batch"), _asked("fake")),
        },
    },
)
