"""Documents that the engine's tests build and train."""

from typing import Any

FEATURES = ["x", "y", "x2", "y2", "xy", "sin_x", "sin_y"]


def document(layers: list[Any], data: Any = "circle", **train: Any) -> dict[str, Any]:
    """A chain of `layers` on `data`, trained as the keywords say."""
    return {"spec": "nn/1", "data": data, "network": {"layers": layers}, "train": train}


def toy(**train: Any) -> dict[str, Any]:
    """Four tanh units on the circle: 13 batches an epoch, the last one short."""
    data = {"name": "circle", "options": {"points": 180}}
    settings = {"epochs": 4, "batch_size": 10, **train}
    return document(
        [{"type": "linear", "units": 4, "activation": "tanh"}, "linear"], data, **settings
    )


def spiral(**train: Any) -> dict[str, Any]:
    """7-8-8-1 tanh with batches of 10 out of 250 points, 25 steps an epoch."""
    hidden = {"type": "linear", "units": 8, "activation": "tanh"}
    data = {"name": "spiral", "split": {"train": 0.5, "validation": 0.25, "test": 0.25}}
    adam = {"type": "adam", "learning_rate": 0.01}
    settings = {"epochs": 200, "batch_size": 10, "optimizer": adam, **train}
    return document(
        [{"type": "features", "terms": FEATURES}, hidden, hidden, "linear"], data, **settings
    )


def digits_cnn(**train: Any) -> dict[str, Any]:
    """The digits network of the language's own example."""
    layers = [
        {"type": "conv2d", "filters": 16, "activation": "relu"},
        "max_pool2d",
        {"type": "conv2d", "filters": 32, "activation": "relu"},
        "max_pool2d",
        "flatten",
        "linear",
    ]
    adam = {"type": "adam", "learning_rate": 0.003}
    return document(
        layers, "digits", **{"epochs": 20, "batch_size": 64, "optimizer": adam, **train}
    )


def everything(**train: Any) -> dict[str, Any]:
    """Normalization, dropout, Adam and penalties: all that a resumed run must not forget."""
    layers = [
        {"type": "conv2d", "filters": 4, "bias": False},
        {"type": "batch_norm", "activation": "relu"},
        "max_pool2d",
        "flatten",
        {"type": "dropout", "rate": 0.2},
        "linear",
    ]
    adam = {"type": "adam", "learning_rate": 0.01}
    settings = {"epochs": 3, "batch_size": 48, "optimizer": adam, "l1": 1e-5, "l2": 1e-4, **train}
    return document(layers, "digits", **settings)
