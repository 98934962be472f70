"""A network that calls another trains like one that holds the same layers itself."""

from pathlib import Path
from typing import Any

import pytest
import torch

from gradus.plan import plan
from gradus_engine.opening import open_session
from tests.gradus_engine.test_script_curves import assert_equal_curves

ROW = [{"type": "linear", "name": "read", "units": 5, "activation": "tanh"}, "batch_norm"]
DATA = {"name": "digits"}
SGD = {"type": "sgd", "learning_rate": 0.1, "momentum": 0.9}


def page(call: dict[str, Any]) -> list[Any]:
    return [
        {"type": "reshape", "shape": [8, 8]},
        {**call, "name": "rows"},
        "flatten",
        {"type": "linear", "name": "head", "units": 10},
    ]


def apart(update: list[str], precision: str = "float32") -> Any:
    step = {
        "name": "learn",
        "update": update,
        "calls": [{"network": "page"}],
        "losses": [{"type": "cross_entropy", "target": "target"}],
    }
    networks = {
        "row": {"input": [8], "layers": ROW},
        "page": {"layers": page({"type": "each", "network": "row"})},
    }
    train = {"steps": [step], "optimizer": SGD, "precision": precision}
    return open_session(plan({"spec": "nn/1", "data": DATA, "networks": networks, "train": train}))


def whole() -> Any:
    network = {"layers": page({"type": "each", "body": ROW})}
    train = {"optimizer": SGD, "tier": "eager", "losses": [{"type": "cross_entropy"}]}
    return open_session(plan({"spec": "nn/1", "data": DATA, "network": network, "train": train}))


NAMES = {
    "row/read": "rows/read",
    "row/batch_norm_1": "rows/batch_norm_1",
    "page/head": "head",
}


def alike(networks: Any, one: Any) -> dict[str, float]:
    """The greatest difference in each tensor."""
    mine, other = networks.network.layers.own_state(), one.network.layers.own_state()
    found = {}
    for name, tensor in mine.items():
        layer, _, kind = name.rpartition(".")
        found[name] = float((tensor - other[f"{NAMES[layer]}.{kind}"]).abs().max())
    return found


def test_both_networks_learn_as_one_would() -> None:
    networks, one = apart(["row", "page"]), whole()
    with torch.no_grad():
        for name, tensor in networks.network.layers.own_state().items():
            layer, _, kind = name.rpartition(".")
            one.network.layers.own_state()[f"{NAMES[layer]}.{kind}"].copy_(tensor)
    begun = alike(networks, one)
    assert set(begun.values()) == {0.0}
    for _ in range(12):
        networks.advance()
        one.advance()
    assert max(alike(networks, one).values()) < 1e-5
    assert {"row/batch_norm_1.running_mean", "row/read.weight"} <= set(begun)


def test_a_called_network_that_is_not_updated_stays() -> None:
    session = apart(["page"])
    before = {n: t.clone() for n, t in session.network.layers.own_state().items()}
    for _ in range(5):
        session.advance()
    after = session.network.layers.own_state()
    assert torch.equal(after["row/read.weight"], before["row/read.weight"])
    assert not torch.equal(after["page/head.weight"], before["page/head.weight"])


def test_running_statistics_are_one_in_double_precision_too() -> None:
    session = apart(["row", "page"], "float64")
    session.advance()
    layers = session.network.layers
    assert layers["page/rows/row/batch_norm_1"].running_mean.dtype == torch.float64
    assert torch.equal(
        layers["page/rows/row/batch_norm_1"].running_mean, layers["row/batch_norm_1"].running_mean
    )


def test_it_goes_on_from_its_state_bitwise() -> None:
    session = apart(["row", "page"])
    for _ in range(3):
        session.advance()
    again = open_session(session.plan, state=session.state())
    for each in (session, again):
        for _ in range(4):
            each.advance()
    mine, other = session.network.layers.own_state(), again.network.layers.own_state()
    assert all(torch.equal(mine[name], other[name]) for name in mine)


@pytest.mark.parametrize("update", [["row", "page"], ["page"]])
def test_a_script_trains_them_along_the_same_curve(update: list[str], tmp_path: Path) -> None:
    assert_equal_curves(apart(update).plan, tmp_path, steps=12)


@pytest.mark.parametrize("names", [["row", "page"]])
def test_the_state_holds_each_tensor_once(names: list[str]) -> None:
    tensors, _ = apart(names).state()
    held = [name for name in tensors if name.startswith("network/")]
    assert not [name for name in held if "rows" in name]
    assert len([name for name in tensors if name.startswith("optimizer/")]) == 6
