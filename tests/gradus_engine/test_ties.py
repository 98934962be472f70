"""Ties in the engine: one tensor, the gradient of both its uses, one entry in a checkpoint."""

import torch

from gradus.plan import plan
from gradus_engine.build import build
from gradus_engine.session import Session

LAYERS = [
    {"type": "linear", "name": "a", "units": 6, "activation": "tanh"},
    {"type": "linear", "name": "b", "units": 6, "activation": "tanh"},
    {"type": "linear", "name": "c", "units": 6, "activation": "tanh"},
]
TIE = {"c.weight": "b.weight"}


def network(**tie):
    document = {"spec": "nn/1", "network": {"input": [4], "layers": LAYERS}, "tie": tie}
    return build(plan(document), seed=1).double()


def test_two_names_are_one_tensor_that_is_one_entry():
    tied = network(**TIE)
    assert tied.layers["c"].weight is tied.layers["b"].weight
    assert [name for name in tied.layers.own_state() if name.endswith("weight")] == [
        "a.weight",
        "b.weight",
    ]


def test_the_gradient_is_the_sum_of_both_uses():
    tied, loose = network(**TIE), network()
    loose.layers.load_state_dict(tied.layers.state_dict())
    x = torch.linspace(-1, 1, 12, dtype=torch.float64).view(3, 4)
    for each in (tied, loose):
        each(x).square().sum().backward()
    both = loose.layers["b"].weight.grad + loose.layers["c"].weight.grad
    torch.testing.assert_close(tied.layers["b"].weight.grad, both)


def session(state=None):
    train = {"optimizer": "adam", "batch_size": 16}
    network = {"layers": [*LAYERS, {"type": "linear", "name": "head"}]}
    document = {"spec": "nn/1", "data": {"name": "iris"}, "network": network}
    return Session(plan({**document, "tie": TIE, "train": train}), threads=1, state=state)


def test_a_resumed_session_goes_on_bitwise():
    whole, first = session(), session()
    for _ in range(8):
        whole.advance()
    for _ in range(3):
        first.advance()
    tensors, meta = first.state()
    assert "network/b.weight" in tensors
    assert not [name for name in tensors if "c.weight" in name]
    then = session((tensors, meta))
    assert then.network.layers["c"].weight.data_ptr() == then.network.layers["b"].weight.data_ptr()
    for _ in range(5):
        then.advance()
    ends = [each.state()[0] for each in (whole, then)]
    assert ends[0].keys() == ends[1].keys()
    assert all(torch.equal(ends[0][name], ends[1][name]) for name in ends[0])
