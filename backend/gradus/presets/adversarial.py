"""A generator and a discriminator on points of the plane."""

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
