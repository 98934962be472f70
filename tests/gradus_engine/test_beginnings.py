"""Networks that start from kept weights: what is taken, what is drawn, and how training goes on."""

import pytest
import torch

from gradus.plan import plan
from gradus.weights import Kept, Tensor
from gradus_engine.ensemble import Ensemble
from gradus_engine.initial import NoWeights
from gradus_engine.opening import open_session

FILE = "c" * 64


def document(layers, network=None, data="moons", **train):
    return {
        "spec": "nn/1",
        "data": {"name": data},
        "network": {**(network or {}), "layers": layers},
        "train": {"epochs": 3, **train},
    }


def facts(tensors):
    shapes = {name: Tensor("F32", tuple(each.shape)) for name, each in tensors.items()}
    return lambda source: Kept(FILE, shapes)


def begun(written, tensors):
    return open_session(plan(written, weights=facts(tensors)), threads=1, weights={FILE: tensors})


def state(session):
    return {name: each.clone() for name, each in session.network.layers.own_state().items()}


BODY = [{"type": "linear", "units": 6, "activation": "tanh"}, "batch_norm"]
WHOLE = {"init": {"from": {"weights": FILE, "without": ["head"]}}}


def trained(layers, data="moons", **train):
    session = open_session(plan(document(layers, data=data, **train)), threads=1)
    for _ in range(60):
        session.advance()
    return session


@pytest.mark.proves("E3.earlier")
def test_a_pretrained_body_keeps_its_weights_and_statistics_under_a_new_head():
    old = trained([*BODY, {"type": "linear", "name": "head"}])
    given = state(old)
    classes = {"spec": "nn/1", "data": {"name": "spiral", "options": {"classes": 4}}}
    written = document([*BODY, {"type": "linear", "name": "head"}], WHOLE)
    session = begun({**written, **classes}, given)
    found = state(session)
    assert found["head.weight"].shape == (4, 6)
    body = [name for name in found if not name.startswith("head")]
    assert {"batch_norm_1.running_mean", "linear_1.weight"} <= set(body)
    assert all(torch.equal(found[name], given[name]) for name in body)


@pytest.mark.proves("E3.earlier")
def test_a_shallow_net_starts_a_deeper_one():
    """As the deeper VGG nets were begun with layers of the shallow one (Simonyan and Zisserman)."""
    first = {"type": "linear", "units": 8, "name": "first", "activation": "relu"}
    head = {"type": "linear", "name": "head"}
    shallow = trained([first, head])
    between = {**first, "name": "between"}
    whole = {"init": {"from": {"weights": FILE, "without": ["between"]}}}
    deep = begun(document([first, between, head], whole), state(shallow))
    drawn = open_session(plan(document([first, between, head])), threads=1)
    found, given, fresh = state(deep), state(shallow), state(drawn)
    for name in found:
        expected = fresh if name.startswith("between") else given
        assert torch.equal(found[name], expected[name]), name


def test_frozen_layers_stay_and_the_others_learn():
    given = state(trained([*BODY, {"type": "linear", "name": "head"}]))
    frozen = [{**BODY[0], "trainable": False}, {"type": "linear", "name": "head"}]
    session = begun(document(frozen, {"init": {"from": {"weights": FILE}}}), given)
    for _ in range(20):
        session.advance()
    found = state(session)
    assert torch.equal(found["linear_1.weight"], given["linear_1.weight"])
    assert not torch.equal(found["head.weight"], given["head.weight"])


def test_the_compiled_loop_and_plain_steps_begin_alike():
    layers = [{"type": "linear", "units": 4, "activation": "tanh"}, "linear"]
    given = state(trained(layers))
    whole = {"init": {"from": {"weights": FILE}}}
    quick = begun(document(layers, whole), given)
    plain = begun(document(layers, whole, tier="eager"), given)
    for _ in range(10):
        quick.advance()
        plain.advance()
    before, after = state(quick), state(plain)
    assert all(torch.allclose(before[name], after[name], atol=1e-5) for name in before)


def test_a_session_goes_on_from_its_state_without_the_weights_that_it_began_with():
    layers = [{"type": "linear", "units": 4}, "linear"]
    written = document(layers, {"init": {"from": {"weights": FILE}}})
    session = begun(written, state(trained(layers)))
    session.advance()
    again = open_session(session.plan, threads=1, state=session.state())
    assert torch.equal(again.flat.values, session.flat.values)


def test_every_member_of_an_ensemble_begins_with_them():
    layers = [{"type": "linear", "units": 4}, "linear"]
    given = state(trained(layers))
    ensemble = {"members": 3, "method": "bagging"}
    written = document(layers, {"init": {"from": {"weights": FILE}}}, ensemble=ensemble)
    session = begun(written, given)
    assert isinstance(session, Ensemble)
    for network in session.heard:
        assert torch.equal(network.layers.own_state()["linear_1.weight"], given["linear_1.weight"])


def test_half_precision_becomes_the_networks_own():
    layers = [{"type": "linear", "units": 4}, "linear"]
    given = {name: each.half() for name, each in state(trained(layers)).items()}
    session = begun(document(layers, {"init": {"from": {"weights": FILE}}}), given)
    found = state(session)["linear_1.weight"]
    assert found.dtype == torch.float32
    assert torch.equal(found, given["linear_1.weight"].float())


def test_a_plan_without_its_weights_is_not_trained_from_something_else():
    layers = [{"type": "linear", "units": 4}, "linear"]
    whole = {"init": {"from": {"weights": FILE}}}
    with pytest.raises(NoWeights, match="has not looked for"):
        open_session(plan(document(layers, whole)), threads=1)
    given = state(trained(layers))
    planned = plan(document(layers, whole), weights=facts(given))
    with pytest.raises(NoWeights, match=FILE):
        open_session(planned, threads=1)
    del given["linear_1.bias"]
    with pytest.raises(NoWeights, match=r"linear_1\.bias"):
        open_session(planned, threads=1, weights={FILE: given})
