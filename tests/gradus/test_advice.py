"""Advice: said before training, with the patch that follows it."""

from typing import Any

import pytest

from gradus.advice import large_memory
from gradus.plan import plan
from gradus.problems import SpecError
from tests.gradus.patches import apply


def iris(*layers: Any, **train: Any) -> dict[str, Any]:
    return {"spec": "nn/1", "data": "iris", "network": {"layers": list(layers)}, "train": train}


SIGMOID = {"type": "linear", "units": 8, "activation": "sigmoid"}
HINTED: dict[str, tuple[dict[str, Any], str, str]] = {
    "softmax layer": (iris("linear", "softmax"), "advice.doubled_softmax", "/network/layers/1"),
    "softmax in the layer": (
        iris({"type": "linear", "activation": "softmax"}),
        "advice.doubled_softmax",
        "/network/layers/0",
    ),
    "sigmoid chain": (iris(*[SIGMOID] * 5, "linear"), "advice.sigmoid_chain", "/network/layers/3"),
    "late dropout": (
        iris({"type": "linear", "units": 3}, "dropout"),
        "advice.late_dropout",
        "/network/layers/1",
    ),
    "large batch": (
        iris("linear", batch_size=1000),
        "advice.batch_exceeds_data",
        "/train/batch_size",
    ),
}


def digits(*layers: Any, **train: Any) -> dict[str, Any]:
    return {**iris(*layers, **train), "data": "digits"}


def dense(init: Any, activation: str = "tanh", **fields: Any) -> dict[str, Any]:
    return {"type": "linear", "units": 8, "activation": activation, "init": init, **fields}


FIRST, ONE, SECOND = "/network/layers/0", "/network/layers/1", "/network/layers/2"
RELU = {"type": "linear", "units": 8, "activation": "relu"}
FALLING: dict[str, Any] = {"type": "uniform", "low": -1.0, "high": -0.1}
HINTED |= {
    "zeros before relu": (
        iris(dense("zeros", "relu"), "linear"),
        "advice.dead_start",
        f"{FIRST}",
    ),
    "zeros before a relu of its own": (
        iris({"type": "linear", "units": 8, "init": "zeros"}, "relu", "linear"),
        "advice.dead_start",
        f"{FIRST}",
    ),
    "weights below 0 after relu": (
        iris(RELU, dense(FALLING, "relu"), "linear"),
        "advice.dead_start",
        ONE,
    ),
    "zeros": (iris(dense("zeros"), "linear"), "advice.symmetric_start", FIRST),
    "one value": (
        iris(dense({"type": "constant", "value": 0.1}, "relu"), "linear"),
        "advice.symmetric_start",
        FIRST,
    ),
    "wide normal": (
        digits("flatten", dense({"type": "normal", "std": 1.0}), "linear"),
        "advice.saturated_start",
        ONE,
    ),
    "wide uniform": (
        digits(
            "flatten", dense({"type": "uniform", "low": -2.0, "high": 2.0}, "sigmoid"), "linear"
        ),
        "advice.saturated_start",
        ONE,
    ),
    "normalization of one unit": (
        iris({"type": "linear", "units": 1, "activation": "tanh"}, "layer_norm", "linear"),
        "advice.normalized_alone",
        ONE,
    ),
    "groups of one": (
        iris({"type": "linear", "units": 4}, {"type": "group_norm", "groups": 4}, "linear"),
        "advice.normalized_alone",
        ONE,
    ),
    "batch of one": (
        iris({"type": "linear", "units": 4}, "batch_norm", "linear", batch_size=1),
        "advice.normalized_alone",
        ONE,
    ),
    "pooled too soon": (
        digits({"type": "conv2d", "filters": 4}, "relu", "global_avg_pool", "linear"),
        "advice.narrow_sight",
        SECOND,
    ),
}


def text(*layers: Any) -> dict[str, Any]:
    """A network that reads a sequence and learns behind `layers`."""
    whole = [*layers, {"type": "linear", "units": 2}]
    return {"spec": "nn/1", "network": {"input": [4, 3], "layers": whole}}


HINTED |= {
    "sigmoids of their own": (
        iris(*[{"type": "linear", "units": 8}, "sigmoid"] * 4, "linear"),
        "advice.sigmoid_chain",
        "/network/layers/7",
    ),
    "sigmoids in a block": (
        iris(*[{"type": "block", "use": "b"}] * 5, "linear")
        | {"blocks": {"b": {"layers": [SIGMOID]}}},
        "advice.sigmoid_chain",
        "/blocks/b/layers/0",
    ),
    "a cell of zeros": (
        text({"type": "lstm", "units": 4, "init": "zeros"}),
        "advice.symmetric_start",
        FIRST,
    ),
}

UNSAID = {
    "spec": "nn/1",
    "data": {"name": "circle", "options": {"points": 20}},
    "network": {"layers": ["linear"]},
}
HINTED |= {
    "batch left to its default": (UNSAID, "advice.batch_exceeds_data", ""),
    "batch left out": (
        {**UNSAID, "train": {"epochs": 3}},
        "advice.batch_exceeds_data",
        "/train",
    ),
}


@pytest.mark.parametrize("name", HINTED)
def test_following_the_advice_silences_it(name: str) -> None:
    document, code, path = HINTED[name]
    (found,) = plan(document).advice
    assert (found.code, found.path) == (code, path)
    assert found.fix is not None
    assert plan(apply(document, found.fix)).advice == ()


def test_a_good_network_is_left_in_peace() -> None:
    assert plan(iris({"type": "linear", "units": 8, "activation": "tanh"}, "linear")).advice == ()


def test_a_normalization_breaks_a_chain_of_sigmoids() -> None:
    layers = [SIGMOID, SIGMOID, SIGMOID, "batch_norm", SIGMOID, SIGMOID]
    assert plan(iris(*layers, "linear")).advice == ()


def test_a_layer_that_something_names_is_not_taken_out() -> None:
    document = iris("linear", "softmax", losses=[{"type": "cross_entropy", "input": "softmax_1"}])
    (found,) = plan(document).advice
    assert found.fix is None


@pytest.mark.parametrize(
    "document",
    [
        iris("tanh", {"type": "linear", "init": "zeros"}),  # nothing learns behind the last layer
        iris(dense("zeros", units=1), "linear"),  # one unit is like no other
        iris(dense("zeros", trainable=False), "linear"),
        iris(dense(FALLING, "relu"), "linear"),  # what it reads may be negative too
        digits({"type": "conv2d", "filters": 4}, "batch_norm", "flatten", "linear", batch_size=1),
        digits({"type": "conv2d", "filters": 4, "kernel": 5}, "global_max_pool", "linear"),
        iris(*[SIGMOID, "layer_norm"] * 6, "linear"),  # a normalization spreads them again
        # From 0 on, a body leaves what passes it as it is.
        iris({"type": "residual", "body": [dense("zeros", "identity", units=4)]}, "linear"),
        iris("linear", "log_softmax"),  # of which softmax makes the same shares
        iris(dense({"type": "normal", "std": 1.0}), "linear"),  # few inputs
        iris(*[dense("xavier")] * 10, "linear"),
        iris(SIGMOID, SIGMOID, SIGMOID, "linear"),
        iris("dropout", {"type": "linear", "units": 3}),
        iris({"type": "linear", "units": 1}, "linear"),
        iris("linear", batch_size=105),
        iris("linear", batch_size="all"),
        text({"type": "positional_encoding", "kind": "learned", "init": "zeros"}),
        text({"type": "gru", "units": 1, "init": "zeros"}),
    ],
)
def test_what_only_looks_like_a_fault_is_left_in_peace(document: dict[str, Any]) -> None:
    assert plan(document).advice == ()


def test_a_pool_that_gives_the_classes_themselves_is_not_replaced() -> None:
    (found,) = plan(digits({"type": "conv2d", "filters": 10}, "global_avg_pool")).advice
    assert (found.code, found.fix) == ("advice.narrow_sight", None)


def test_a_batch_beyond_the_memory_at_hand_is_told_with_one_that_fits() -> None:
    document = digits({"type": "conv2d", "filters": 64}, "flatten", "linear", batch_size=512)
    planned = plan(document)
    assert large_memory(planned, document, planned.totals.training_bytes) == []
    (found,) = large_memory(planned, document, planned.totals.training_bytes // 2)
    assert (found.code, found.path) == ("advice.batch_exceeds_memory", "/train/batch_size")
    smaller = plan(apply(document, found.fix))
    assert 200 < smaller.train.batch_size < 256
    assert large_memory(smaller, document, planned.totals.training_bytes // 2) == []
    (hopeless,) = large_memory(planned, document, 1000)
    assert hopeless.fix is None
    assert hopeless.hint is None


def test_a_last_layer_that_does_not_fit_the_classes_is_refused_with_the_size_that_does() -> None:
    document = iris("tanh", {"type": "linear", "units": 7})
    with pytest.raises(SpecError) as refused:
        plan(document)
    (found,) = refused.value.problems
    assert apply(document, found.fix)["network"]["layers"][1]["units"] == 3
