"""Layers that are called again: one tensor, trained by what both calls say."""

import pytest
import torch

from gradus.plan import plan
from gradus_engine.build import build
from gradus_engine.session import Session
from tests.gradus_engine.documents import document

SIAMESE = {
    "spec": "nn/1",
    "network": {
        "inputs": {"left": [6], "right": [6]},
        "layers": [
            {
                "type": "repeat",
                "name": "encoder",
                "times": 1,
                "from": "left",
                "body": [{"type": "linear", "units": 4}, "batch_norm", "tanh"],
            },
            {"type": "apply", "name": "twin", "to": "encoder", "from": "right"},
            {"type": "concat", "from": ["encoder", "twin"]},
        ],
    },
}


def given(seed):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(5, 6, generator=generator)


def test_both_calls_answer_alike_to_the_same_input():
    network = build(plan(SIAMESE), seed=1).eval()
    x = given(0)
    y = network({"left": x, "right": x})
    assert torch.equal(y[:, :4], y[:, 4:])


def test_a_gradient_is_the_sum_over_both_calls():
    network = build(plan(SIAMESE), seed=1).eval()
    weight = network.layers["encoder/0/linear_1"].weight
    assert network.layers["twin/0/linear_1"].weight is weight
    left, right = given(0), given(1)
    outputs = network.outputs({"left": left, "right": right})
    parts = [
        torch.autograd.grad(outputs[name].sum(), weight, retain_graph=True)[0]
        for name in ("encoder/0/tanh_1", "twin/0/tanh_1")
    ]
    network({"left": left, "right": right}).sum().backward()
    torch.testing.assert_close(weight.grad, parts[0] + parts[1])


def test_running_statistics_have_seen_the_batches_of_both_calls():
    network = build(plan(SIAMESE), seed=1).train()
    network({"left": given(0), "right": given(1)})
    norm = network.layers["encoder/0/batch_norm_1"]
    assert int(norm.num_batches_tracked) == 2
    assert network.layers["twin/0/batch_norm_1"].running_mean is norm.running_mean


def session(state=None):
    # A small batch of digits, halved: each half goes through the same encoder.
    layers = [
        "flatten",
        {"type": "linear", "name": "mix", "units": 24, "activation": "relu"},
        {"type": "apply", "to": "mix", "name": "other", "from": "padded"},
        "linear",
    ]
    layers.insert(1, {"type": "linear", "name": "padded", "units": 64})
    layers[2]["from"] = "flatten_1"
    batch = {"type": "batch_norm", "name": "norm"}
    layers[3:3] = [batch, {"type": "apply", "to": "norm", "name": "again"}]
    return Session(plan(document(layers, "digits", batch_size=32, optimizer="adam")), state=state)


def test_a_state_holds_each_tensor_once_and_goes_on_bitwise():
    whole = session()
    for _ in range(8):
        whole.advance()
    half = session()
    for _ in range(4):
        half.advance()
    tensors, meta = half.state()
    assert not [name for name in tensors if "/other." in name or "/again." in name]
    resumed = session((tensors, meta))
    for _ in range(4):
        resumed.advance()
    assert torch.equal(whole.flat.values, resumed.flat.values)
    first, second = (each.network.layers["norm"].running_mean for each in (whole, resumed))
    assert torch.equal(first, second)
    assert whole.network.layers["again"].running_mean is first


@pytest.mark.proves("D1")
def test_a_siamese_net_learns_from_pairs():
    # A point's two coordinates go through one encoder; class 1 says that they belong together.
    points = [[a / 4, b / 4, int(abs(a - b) < 2)] for a in range(-6, 7) for b in range(-6, 7)]
    data = {"name": "drawn", "options": {"points": points}}
    body = [{"type": "linear", "units": 16, "activation": "tanh"}, {"type": "linear", "units": 2}]
    layers = [
        {"type": "reshape", "name": "both", "shape": [2, 1]},
        {"type": "select", "name": "x", "axis": 0, "index": 0},
        {"type": "select", "name": "y", "axis": 0, "index": 1, "from": "both"},
        {"type": "repeat", "name": "left", "times": 1, "body": body, "from": "x"},
        {"type": "apply", "name": "right", "to": "left", "from": "y"},
    ]
    loss = {"type": "contrastive", "input": "left", "other": "right", "margin": 1.0}
    adam = {"type": "adam", "learning_rate": 0.01}
    planned = plan(document(layers, data, losses=[loss], optimizer=adam, batch_size=32, epochs=60))
    session = Session(planned)
    before = session.evaluate("validation")["validation/loss"]
    while not session.finished:
        session.advance()
    assert session.evaluate("validation")["validation/loss"] < 0.5 * before
