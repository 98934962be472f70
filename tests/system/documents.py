"""Specs that the system tests train."""

from typing import Any


def toy(epochs: int = 100_000, seed: int = 1, rate: float = 0.01) -> dict[str, Any]:
    """A small net on the circle that trains for as long as the test likes."""
    return {
        "spec": "nn/1",
        "data": {"name": "circle"},
        "network": {
            "layers": [
                {"type": "linear", "units": 4, "activation": "tanh"},
                {"type": "linear", "units": 2, "activation": "tanh"},
                "linear",
            ]
        },
        "train": {
            "epochs": epochs,
            "batch_size": 10,
            "optimizer": {"type": "adam", "learning_rate": rate},
            "seed": seed,
            "tier": "auto",
        },
    }


def digits(epochs: int = 4, seed: int = 1) -> dict[str, Any]:
    """A CNN with everything that must survive a kill: normalization, dropout, Adam, augmented state."""
    return {
        "spec": "nn/1",
        "data": {"name": "digits"},
        "network": {
            "layers": [
                {"type": "conv2d", "filters": 8, "bias": False},
                "batch_norm",
                "relu",
                "max_pool2d",
                "flatten",
                {"type": "dropout", "rate": 0.2},
                "linear",
            ]
        },
        "train": {
            "epochs": epochs,
            "batch_size": 16,
            "optimizer": {"type": "adam", "learning_rate": 0.002},
            "seed": seed,
            "tier": "eager",
        },
    }
