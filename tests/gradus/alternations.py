"""Documents of several networks, for every part that takes one."""

import copy
from typing import Any

from tests.gradus.patches import put


def linear(units: int, activation: str = "identity") -> dict[str, Any]:
    return {"type": "linear", "units": units, "activation": activation}


def gan(**train: Any) -> dict[str, Any]:
    """A small GAN on points: G from two normal numbers to a point, D from a point to a logit."""
    binary = {"type": "binary_cross_entropy"}
    return {
        "spec": "nn/1",
        "data": {"name": "gauss", "options": {"classes": 8, "points": 200}},
        "networks": {
            "g": {"input": [2], "layers": [linear(8, "relu"), linear(2)]},
            "d": {"layers": [linear(8, "leaky_relu"), linear(1)]},
        },
        "train": {
            "epochs": 2,
            "batch_size": 32,
            "optimizer": {"type": "adam", "learning_rate": 0.01},
            "steps": [
                {
                    "name": "d",
                    "update": ["d"],
                    "calls": [
                        {"name": "fake", "network": "g", "from": "noise", "detach": True},
                        {"name": "real_score", "network": "d", "from": "batch"},
                        {"name": "fake_score", "network": "d", "from": "fake"},
                    ],
                    "losses": [
                        {**binary, "input": "real_score", "target": "ones"},
                        {**binary, "input": "fake_score", "target": "zeros"},
                    ],
                },
                {
                    "name": "g",
                    "update": ["g"],
                    "calls": [
                        {"name": "fake", "network": "g", "from": "noise"},
                        {"name": "score", "network": "d", "from": "fake"},
                    ],
                    "losses": [{**binary, "input": "score", "target": "ones"}],
                },
            ],
            **train,
        },
    }


def conditional_gan(**train: Any) -> dict[str, Any]:
    """The same with the class as a second input of both networks."""
    document = gan(**train)
    classes = {"shape": [1], "dtype": "int64"}
    for name, units in (("g", 2), ("d", 1)):
        document["networks"][name] = {
            "inputs": {"point": [2], "label": classes},
            "layers": [
                {"type": "embedding", "words": 8, "units": 4, "from": "label"},
                "flatten",
                {"type": "concat", "from": ["point", "flatten_1"]},
                linear(8, "leaky_relu"),
                linear(units),
            ],
        }
    for step in document["train"]["steps"]:
        for call in step["calls"]:
            call["from"] = {"point": call["from"], "label": "target"}
    return document


def one_network(network: dict[str, Any], **train: Any) -> dict[str, Any]:
    """A classifier of two classes written as the only one of `networks`, with one step."""
    loss = {"type": "binary_cross_entropy", "target": "target"}
    step = {"name": "net", "update": ["net"], "calls": [{"network": "net"}], "losses": [loss]}
    return {
        "spec": "nn/1",
        "data": {"name": "circle", "options": {"points": 180}},
        "networks": {"net": network},
        "train": {"epochs": 3, "batch_size": 10, **train, "steps": [step]},
    }


def spoilt(document: dict[str, Any], pointer: str, value: Any) -> dict[str, Any]:
    """The document with another value at a pointer."""
    changed = copy.deepcopy(document)
    put(changed, pointer, value, insert=False)
    return changed


def digits_asked_for(**train: Any) -> dict[str, Any]:
    """A conditional GAN on the digits, which reads the class as a row of zeros and a one."""
    hidden = {**linear(128, "relu"), "init": "he"}
    leaky = {**linear(128, "leaky_relu"), "init": "he"}
    drop = {"type": "dropout", "rate": 0.3}
    document = conditional_gan(
        epochs=180,
        batch_size=64,
        optimizer={"type": "adam", "learning_rate": 0.001, "betas": [0.5, 0.9]},
        **train,
    )
    first = {**linear(64, "relu"), "name": "of_noise", "from": "point"}
    made = [hidden, hidden, linear(64, "sigmoid"), {"type": "reshape", "shape": [1, 8, 8]}]
    flat = {"type": "flatten", "from": "point"}
    document["data"] = "digits"
    document["networks"] = {
        "g": {
            "inputs": {"point": [16], "label": [10]},
            "layers": [first, {"type": "concat", "from": ["of_noise", "label"]}, *made],
        },
        "d": {
            "inputs": {"point": [1, 8, 8], "label": [10]},
            "layers": [
                flat,
                {"type": "concat", "from": ["flatten_1", "label"]},
                *(leaky, drop, leaky, drop, linear(1)),
            ],
        },
    }
    return document
