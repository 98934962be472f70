"""Advice: said before training, with the patch that follows it."""

from typing import Any

import pytest

from gradus.plan import plan
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
