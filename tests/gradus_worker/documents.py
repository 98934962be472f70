"""Specs that the worker's tests train."""

from typing import Any


def toy(epochs: int = 100_000, seed: int = 1, rate: float = 0.01) -> dict[str, Any]:
    """A small net on the circle: thousands of steps a second."""
    hidden = {"type": "linear", "activation": "tanh"}
    return {
        "spec": "nn/1",
        "data": {"name": "circle"},
        "network": {"layers": [{**hidden, "units": 4}, {**hidden, "units": 2}, "linear"]},
        "train": {
            "epochs": epochs,
            "batch_size": 10,
            "optimizer": {"type": "adam", "learning_rate": rate},
            "seed": seed,
            "tier": "eager",
        },
    }


def digits(epochs: int = 4, seed: int = 1) -> dict[str, Any]:
    """A CNN with all that must survive a kill: running statistics, dropout, Adam's moments."""
    layers = [
        {"type": "conv2d", "filters": 8, "bias": False},
        "batch_norm",
        "relu",
        "max_pool2d",
        "flatten",
        {"type": "dropout", "rate": 0.2},
        "linear",
    ]
    return {
        "spec": "nn/1",
        "data": {"name": "digits"},
        "network": {"layers": layers},
        "train": {
            "epochs": epochs,
            "batch_size": 16,
            "optimizer": {"type": "adam", "learning_rate": 0.002},
            "seed": seed,
            "tier": "eager",
        },
    }


def wide(epochs: int = 3, seed: int = 1) -> dict[str, Any]:
    """The digits with weights that are too large for a row: its checkpoints are files."""
    document = digits(epochs, seed)
    document["network"]["layers"][0]["filters"] = 48
    return document


def ponderous(kernel: int = 3) -> dict[str, Any]:
    """A net whose first step takes seconds, so that a test can kill the child within it.

    With a `kernel` of 15 it takes most of a minute, and no more memory.
    """
    wide = {"type": "conv2d", "filters": 128, "kernel": kernel, "activation": "relu"}
    return {
        "spec": "nn/1",
        "data": {"name": "digits"},
        "network": {"layers": [wide, wide, wide, "flatten", "linear"]},
        "train": {"epochs": 1, "batch_size": "all", "tier": "eager"},
    }
