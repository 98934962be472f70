"""Networks that are trained against each other, in alternation."""

from collections.abc import Mapping
from typing import Any

from gradus.zoo.entry import Entry

_BINARY = {"type": "binary_cross_entropy"}
_DIGIT = 28 * 28


def duel(name: str, g: Mapping[str, Any], d: Mapping[str, Any], **train: Any) -> dict[str, Any]:
    """A document in which `d` tells real samples from those of `g`, and `g` is made to deceive it."""
    return {
        "spec": "nn/1",
        "name": name,
        "networks": {"g": dict(g), "d": dict(d)},
        "train": {**train, "steps": steps("noise", "batch", "fake")},
    }


def steps(noise: Any, real: Any, fake: Any) -> list[dict[str, Any]]:
    """One update of `d` on real and made samples, then one of `g`; each argument is a `from`."""
    return [
        {
            "name": "d",
            "update": ["d"],
            "calls": [
                {"name": "fake", "network": "g", "from": noise, "detach": True},
                {"name": "real_score", "network": "d", "from": real},
                {"name": "fake_score", "network": "d", "from": fake},
            ],
            "losses": [
                {**_BINARY, "input": "real_score", "target": "ones"},
                {**_BINARY, "input": "fake_score", "target": "zeros"},
            ],
        },
        {
            "name": "g",
            "update": ["g"],
            "calls": [
                {"name": "fake", "network": "g", "from": noise},
                {"name": "score", "network": "d", "from": fake},
            ],
            "losses": [{**_BINARY, "input": "score", "target": "ones"}],
        },
    ]


def _linear(units: int, activation: str | None = None, **more: Any) -> dict[str, Any]:
    squashed = {"activation": activation} if activation else {}
    return {"type": "linear", "units": units, **squashed, **more}


def _maxout(units: int, pieces: int, **more: Any) -> list[Any]:
    return [_linear(units * pieces, **more), {"type": "maxout", "pieces": pieces}]


def gan() -> dict[str, Any]:
    """The networks of the paper's experiments on MNIST."""
    made = [_linear(1200, "relu"), _linear(1200, "relu"), _linear(_DIGIT, "sigmoid")]
    judging = [*_maxout(240, 5), "dropout", *_maxout(240, 5), "dropout", _linear(1)]
    return duel(
        "GAN",
        {"input": [100], "layers": [*made, {"type": "reshape", "shape": [1, 28, 28]}]},
        {"input": [1, 28, 28], "layers": ["flatten", *judging]},
        batch_size=100,
        optimizer={"type": "sgd", "learning_rate": 0.1, "momentum": 0.5},
    )


def conditional_gan() -> dict[str, Any]:
    """Both networks read the class as a row of zeros and a one."""
    label = {"name": "class", "from": "label"}
    made = [
        _linear(200, "relu", name="of_noise", **{"from": "noise_in"}),
        _linear(1000, "relu", **label),
        {"type": "concat", "from": ["of_noise", "class"]},
        _linear(1200, "relu"),
        _linear(_DIGIT, "sigmoid"),
        {"type": "reshape", "shape": [1, 28, 28]},
    ]
    judging = [
        {"type": "flatten", "from": "picture"},
        *_maxout(240, 5),
        *_maxout(50, 5, **label),
        {"type": "concat", "from": ["maxout_1", "maxout_2"]},
        *_maxout(240, 4),
        _linear(1),
    ]
    document = duel(
        "Conditional GAN",
        {"inputs": {"noise_in": [100], "label": [10]}, "layers": made},
        {"inputs": {"picture": [1, 28, 28], "label": [10]}, "layers": judging},
        batch_size=100,
        optimizer={"type": "sgd", "learning_rate": 0.1, "momentum": 0.5},
    )
    asked = {"noise_in": "noise", "label": "target"}
    judged = [{"picture": source, "label": "target"} for source in ("batch", "fake")]
    document["train"]["steps"] = steps(asked, *judged)
    return document


def dcgan() -> dict[str, Any]:
    """Generator and discriminator of PyTorch's example, with its first values of the weights."""
    plain = {"kernel": 4, "bias": False, "init": {"type": "normal", "std": 0.02}}
    double = {**plain, "stride": 2, "padding": 1}
    up, down = {"type": "conv_transpose2d", **double}, {"type": "conv2d", **double}
    made: list[Any] = [
        {"type": "conv_transpose2d", "filters": 512, **plain, "padding": "valid"},
        {"type": "batch_norm", "activation": "relu"},
    ]
    for filters in (256, 128, 64):
        made += [{**up, "filters": filters}, {"type": "batch_norm", "activation": "relu"}]
    made.append({**up, "filters": 3, "activation": "tanh"})
    leaky = {"type": "leaky_relu", "negative_slope": 0.2}
    judging: list[Any] = [{**down, "filters": 64}, leaky]
    for filters in (128, 256, 512):
        judging += [{**down, "filters": filters}, "batch_norm", leaky]
    judging += [{"type": "conv2d", "filters": 1, **plain, "padding": "valid"}, "flatten"]
    return duel(
        "DCGAN",
        {"input": [100, 1, 1], "layers": made},
        {"input": [3, 64, 64], "layers": judging},
        batch_size=128,
        optimizer={"type": "adam", "learning_rate": 0.0002, "betas": [0.5, 0.999]},
    )


ADVERSARIAL = (
    Entry(
        "gan",
        "GAN",
        "Goodfellow et al. 2014",
        3_735_425,
        gan(),
        "The networks of the paper's code for MNIST: generator 2,503,984, discriminator 1,231,441.",
    ),
    Entry(
        "dcgan",
        "DCGAN",
        "Radford et al. 2016",
        6_342_272,
        dcgan(),
        "As PyTorch's example has it, for colour pictures of 64 by 64: generator 3,576,704, "
        "discriminator 2,765,568.",
    ),
    Entry(
        "conditional_gan",
        "Conditional GAN",
        "Mirza and Osindero 2014",
        3_638_335,
        conditional_gan(),
        "The paper's networks for MNIST, counted from its text: generator 2,413,984, "
        "discriminator 1,224,351.",
    ),
)
