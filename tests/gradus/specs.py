"""Hypothesis strategies over documents, for every part that takes one.

`sound_documents()` plan, build and train a step within a second; `broken_documents()` are such
documents with one thing spoilt, which `plan` must refuse.
"""

import copy
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from gradus.datasets import FACTS

ACTIVATIONS = ["identity", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "silu"]
KINDS = ["torch", "xavier", "he", "orthogonal", "uniform", {"type": "normal", "std": 0.1}]

Document = dict[str, Any]


def fields(**options: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Any selection of optional fields."""
    return st.fixed_dictionaries({}, optional=options)


def parametric() -> dict[str, st.SearchStrategy[Any]]:
    return {
        "activation": st.sampled_from(ACTIVATIONS),
        "bias": st.booleans(),
        "init": st.sampled_from(KINDS),
        "trainable": st.booleans(),
    }


def layer(type: str, required: dict[str, Any], extra: Any) -> st.SearchStrategy[dict[str, Any]]:
    made = st.fixed_dictionaries(required)
    return st.builds(lambda own, more: {"type": type, **own, **more}, made, extra)


def dense() -> st.SearchStrategy[Any]:
    """Layers on vectors that keep them vectors."""
    linear = layer("linear", {"units": st.integers(1, 16)}, fields(**parametric()))
    norm = layer("batch_norm", {}, fields(affine=st.booleans(), momentum=st.floats(0.01, 1)))
    drop = layer("dropout", {}, fields(rate=st.floats(0, 0.9)))
    others: list[Any] = [
        *[*ACTIVATIONS, "softmax", "log_softmax", "step", "prelu", "rrelu"],
        *[
            "layer_norm",
            {"type": "group_norm", "groups": 1},
            "gaussian_noise",
            {"type": "linear", "units": 4, "activation": "step"},
        ],
    ]
    return st.one_of(linear, norm, drop, st.sampled_from(others))


def pictures() -> st.SearchStrategy[Any]:
    """Layers on pictures that keep their size, so that any of them follow each other."""
    conv = layer(
        "conv2d",
        {"filters": st.integers(1, 6)},
        fields(
            kernel=st.sampled_from([1, 2, 3, 5, [1, 3], [4, 2]]),
            dilation=st.sampled_from([1, 2]),
            **parametric(),
        ),
    )
    pools = st.sampled_from(["max_pool2d", "avg_pool2d"])
    pool = st.builds(
        lambda type, size: {"type": type, "size": size, "stride": 1, "padding": "same"},
        pools,
        st.integers(1, 3),
    )
    turned = {"type": "conv_transpose2d", "filters": 2, "kernel": 3, "padding": "same"}
    others: list[Any] = [
        *["relu", "tanh", "prelu", "batch_norm", "layer_norm", "dropout2d"],
        *["local_response_norm", {"type": "local_response_norm", "across": "within"}, turned],
    ]
    return st.one_of(conv, pool, st.sampled_from(others))


def sequences() -> st.SearchStrategy[Any]:
    """Layers on sequences [steps, features] that keep them sequences of 8 steps."""
    cell = layer(
        "gru",
        {"units": st.sampled_from([4, 8])},
        fields(bidirectional=st.booleans(), layers=st.integers(1, 2)),
    )
    cells = st.builds(
        lambda type, own: {**own, "type": type}, st.sampled_from(["rnn", "lstm", "gru"]), cell
    )
    scores = st.sampled_from(["scaled_dot", "dot", "additive", "bilinear"])
    attention = layer(
        "attention", {"units": st.just(8)}, fields(score=scores, causal=st.booleans())
    )
    others: list[Any] = [
        *["positional_encoding", "layer_norm", "dropout", "gelu"],
        {"type": "positional_encoding", "kind": "learned", "longest": 4096},
        {"type": "linear", "units": 8},
        {"type": "feed_forward", "hidden": 6},
        {"type": "transformer_encoder", "heads": 1, "hidden": 8},
    ]
    return st.one_of(cells, attention, st.sampled_from(others))


def bodies(layers: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(layers, min_size=1, max_size=3)


def composites(layers: st.SearchStrategy[Any], same: Any) -> st.SearchStrategy[Any]:
    """Layers and composites of them. `same` is a layer that gives each branch one shape."""
    repeat = st.builds(
        lambda times, body: {"type": "repeat", "times": times, "body": body},
        st.integers(1, 3),
        bodies(layers),
    )
    branches = st.builds(
        lambda body, other, merge: {
            "type": "branches",
            "branches": [[*body, same], [*other, same]],
            "merge": merge,
        },
        bodies(layers),
        bodies(layers),
        st.sampled_from(["concat", "add", "multiply", "mean"]),
    )
    residual = st.builds(
        lambda body: {"type": "residual", "body": [*body, same]}, bodies(layers)
    ).map(lambda each: {"type": "repeat", "times": 1, "body": [same, each]})
    again = st.builds(
        lambda body: {
            "type": "repeat",
            "times": 1,
            "body": [
                same,
                {"type": "repeat", "name": "once", "times": 1, "body": [*body, same]},
                {"type": "apply", "to": "once"},
            ],
        },
        bodies(layers),
    )
    return st.one_of(layers, repeat, branches, residual, again)


def modules() -> st.SearchStrategy[Any]:
    """Inception modules that keep height and width, small ones."""
    return st.builds(
        lambda version, width, own: {"type": "inception", "version": version, **width, **own},
        st.sampled_from(["v1", "v1_naive", "v2"]),
        st.just({"widths": {"one": 2, "three": 3}}),
        fields(normalized=st.booleans(), bias=st.booleans(), pool=st.sampled_from(["max", "mean"])),
    )


def networks(name: str) -> st.SearchStrategy[list[Any]]:
    if name == "digits":
        same = {"type": "conv2d", "filters": 2}
        rows = {"type": "reshape", "shape": [8, 8]}
        read = st.lists(composites(sequences(), {"type": "linear", "units": 8}), max_size=3)
        lines = read.map(lambda layers: [rows, *layers, "flatten", "linear"])
        body = st.lists(composites(st.one_of(pictures(), modules()), same), max_size=4)
        end = st.sampled_from(["flatten", "global_avg_pool", "global_max_pool"])
        maps = st.builds(lambda layers, last: [*layers, last, "linear"], body, end)
        return st.one_of(maps, lines)
    body = st.lists(composites(dense(), {"type": "linear", "units": 3}), max_size=4)
    return body.map(lambda layers: [*layers, "linear"])


def trainings() -> st.SearchStrategy[dict[str, Any]]:
    rate = st.floats(1e-5, 0.01)
    sgd = layer("sgd", {"learning_rate": rate}, fields(momentum=st.floats(0, 0.9)))
    adam = layer("adam", {"learning_rate": rate}, fields(eps=st.floats(1e-9, 1e-3)))
    return fields(
        epochs=st.integers(1, 3),
        batch_size=st.one_of(st.integers(2, 64), st.just("all")),
        optimizer=st.one_of(sgd, adam, st.sampled_from(["sgd", "adam"])),
        l1=st.floats(0, 0.01),
        l2=st.floats(0, 0.01),
        seed=st.integers(0, 2**53 - 1),
        tier=st.just("eager"),
    )


def datas() -> st.SearchStrategy[dict[str, Any]]:
    points = fields(points=st.integers(20, 120), noise=st.floats(0, 0.5))
    arms = fields(points=st.integers(20, 120), classes=st.integers(2, 4))
    split = st.sampled_from([{}, {"train": 0.5}, {"train": 0.8, "validation": 0.2, "test": 0}])

    def named(name: str, options: Any) -> st.SearchStrategy[dict[str, Any]]:
        return st.fixed_dictionaries({"name": st.just(name), "options": options, "split": split})

    kinds: list[Any] = ["standardize", "mean_image", "flip", "scale", "color", "noise"]
    crop = {"type": "random_crop", "size": 8, "padding": 1}
    prepared = st.lists(st.sampled_from([*kinds, crop, {"type": "resize", "size": 8}]), max_size=3)
    digits = st.fixed_dictionaries(
        {"name": st.just("digits"), "options": st.just({}), "split": split, "transforms": prepared}
    )
    planar = [named(name, points) for name in ("circle", "xor", "moons", "plane", "hills")]
    armed = [named(name, arms) for name in ("gauss", "spiral")]
    points_or_flowers = st.one_of(*planar, *armed, named("iris", st.just({})))
    # Half of all, since it has pictures and sequences.
    return st.booleans().flatmap(lambda pictures: digits if pictures else points_or_flowers)


def own_losses(task: str) -> st.SearchStrategy[list[Any]]:
    """Losses beside that of the task: of the input itself, of pairs, of constants."""
    against = st.sampled_from(["mse", "mae", "huber"])
    itself = against.map(lambda type: {"type": type, "target": "batch"})
    constant = st.sampled_from(["ones", "zeros"]).map(lambda name: {"type": "mse", "target": name})
    pairs = st.floats(0.1, 3).map(lambda margin: {"type": "contrastive", "margin": margin})
    several = st.one_of(itself, constant) if task == "regression" else st.one_of(itself, pairs)
    return st.lists(several, min_size=1, max_size=2)


@st.composite
def sound_documents(draw: st.DrawFn) -> Document:
    """Documents that can be planned, built and trained."""
    data = draw(datas())
    train = draw(trainings())
    if draw(st.integers(0, 3)) == 0:
        train["losses"] = draw(own_losses(FACTS[data["name"]].task))
    return {
        "spec": "nn/1",
        "data": data,
        "network": {"layers": draw(networks(data["name"]))},
        "train": train,
    }


def _last(document: Document, **change: Any) -> None:
    document["network"]["layers"][-1] = {"type": "linear", **change}


# Each spoils a sound document in a way that no other change can make good.
SPOILERS: dict[str, Callable[[Document], Any]] = {
    "version": lambda document: document.update(spec="nn/9"),
    "no version": lambda document: document.pop("spec"),
    "unknown part": lambda document: document.update(netwrok={}),
    "no networks": lambda document: document.update(networks={}),
    "a function too": lambda document: document.update(function={"expression": "x", "start": [1]}),
    "no network": lambda document: document.pop("network"),
    "no layers": lambda document: document["network"].update(layers=[]),
    "wrong kind": lambda document: document["network"].update(layers="relu"),
    "unknown data": lambda document: document["data"].update(name="mnits"),
    "split": lambda document: document["data"].update(split={"train": 1, "test": 1}),
    "unknown option": lambda document: document["data"].update(options={"pionts": 100}),
    "no layer": lambda document: document["network"]["layers"].insert(0, 7),
    "unknown layer": lambda document: document["network"]["layers"].insert(0, "rleu"),
    "each of nothing": lambda document: document["network"]["layers"].insert(
        0, {"type": "each", "body": []}
    ),
    "no module": lambda document: document["network"]["layers"].insert(
        0, {"type": "inception", "version": "v9"}
    ),
    "unknown field": lambda document: _last(document, unist=3),
    "negative": lambda document: _last(document, units=-1),
    "text": lambda document: _last(document, units="many"),
    "float": lambda document: _last(document, units=2.5),
    "huge": lambda document: _last(document, units=2**40),
    "not a number": lambda document: document["train"].update(l1=float("nan")),
    "too many outputs": lambda document: _last(document, units=77),
    "forward": lambda document: _last(document, **{"from": "linear_99"}),
    "reserved": lambda document: _last(document, name="input"),
    "bad name": lambda document: _last(document, name="A layer"),
    "two inputs": lambda document: _last(document, **{"from": ["input", "input"]}),
    "bomb": lambda document: document["network"]["layers"].insert(
        0, {"type": "repeat", "times": 10**6, "body": ["relu"]}
    ),
    "no optimizer": lambda document: document["train"].update(optimizer={"type": "adma"}),
    "rate": lambda document: document["train"].update(
        optimizer={"type": "sgd", "learning_rate": 0}
    ),
    "empty losses": lambda document: document["train"].update(losses=[]),
}


@st.composite
def broken_documents(draw: st.DrawFn) -> Document:
    """Documents that must be refused with problems, and with nothing else."""
    document = copy.deepcopy(draw(sound_documents()))
    # Pairs take any number of outputs, so that nothing would be spoilt by another one.
    document["train"].pop("losses", None)
    for name in draw(st.lists(st.sampled_from(sorted(SPOILERS)), min_size=1, max_size=1)):
        SPOILERS[name](document)
    return document
