"""The numbers that are computed with: double, single, and mixed with bfloat16."""

import json

import numpy as np
import pytest
import torch

from gradus.composites import COMPOSITES
from gradus.layers import LAYERS
from gradus.plan import plan
from gradus.planned import ANY
from gradus.worked import worked
from gradus_engine.build import build
from gradus_engine.session import Session
from tests.gradus_engine.documents import document, everything

KINDS = LAYERS | COMPOSITES
LENGTH = 6  # of what may have any length
# Drawn or chosen by a comparison: a little difference before them is a large one behind.
ABRUPT = {"gaussian_noise", "sample_normal", "attention", "step"}


def passed(type, precision):
    """One pass and the gradients behind it, in training mode, from inputs alike in all precisions."""
    planned = plan({**worked(KINDS[type]).document, "train": {"precision": precision}})
    network = build(planned, seed=1)
    generator, given = torch.Generator().manual_seed(1), {}
    numbers = torch.float64 if precision == "float64" else torch.float32
    for name, shape in planned.network.inputs.items():
        sizes = [4, *(size if size != ANY else LENGTH for size in shape)]
        if planned.network.dtypes.get(name) == "int64":
            given[name] = torch.randint(0, 9, sizes, generator=generator)
        else:
            given[name] = torch.rand(sizes, generator=generator).to(numbers)
    y = network(given if len(given) > 1 else next(iter(given.values())))
    if y.requires_grad:
        y.sum().backward()
    return network, y


@pytest.mark.parametrize("type", KINDS)
def test_every_layer_can_be_computed_in_double_precision(type):
    network, y = passed(type, "float64")
    assert y.dtype in (torch.float64, torch.int64)
    assert all(p.dtype == torch.float64 for p in network.parameters())
    if type not in ABRUPT:
        torch.testing.assert_close(y, passed(type, "float32")[1].to(y.dtype), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("type", KINDS)
def test_every_layer_can_be_computed_in_mixed_precision(type):
    network, y = passed(type, "bfloat16")
    assert y.dtype in (torch.float32, torch.int64)
    assert all(p.dtype == torch.float32 for p in network.parameters())
    assert all(p.grad is None or torch.isfinite(p.grad).all() for p in network.parameters())
    if type not in ABRUPT:
        exact = passed(type, "float32")[1]
        # bfloat16 keeps 8 bits: 0.4 % of each product, somewhat more where they add up.
        assert (y - exact).abs().max() <= 0.05 * exact.abs().max() + 0.02


def test_products_really_are_computed_in_bfloat16():
    exact, mixed = passed("linear", "float32")[1], passed("linear", "bfloat16")[1]
    assert not torch.equal(exact, mixed)
    assert torch.equal(mixed, mixed.bfloat16().float())


def test_a_run_in_double_precision_equals_numpy():
    written = document(["linear"], "circle", precision="float64", batch_size="all", optimizer="sgd")
    session = Session(plan(written))
    part = session.dataset.train
    x, t = part.inputs.double().numpy(), part.targets.numpy()
    linear = session.network.layers["linear_1"]
    w, b = linear.weight.detach().numpy().copy(), linear.bias.detach().numpy().copy()
    for _ in range(30):
        session.advance()
        error = 1 / (1 + np.exp(-(x @ w[0] + b[0]))) - t
        w, b = w - 0.01 * (error @ x)[None] / len(x), b - 0.01 * error.mean()
    np.testing.assert_allclose(linear.weight.detach().numpy(), w, rtol=1e-12)
    np.testing.assert_allclose(linear.bias.detach().numpy(), b, rtol=1e-11)


@pytest.mark.parametrize("precision", ["float64", "bfloat16"])
def test_a_run_goes_on_bitwise_and_says_its_precision(precision):
    planned = plan(everything(precision=precision))
    straight, stopped = Session(planned), Session(planned)
    for _ in range(8):
        straight.advance()
    for _ in range(3):
        stopped.advance()
    tensors, meta = stopped.state()
    back = Session(planned, state=(tensors, json.loads(json.dumps(meta))))
    for _ in range(5):
        back.advance()
    assert torch.equal(straight.flat.values, back.flat.values)
    assert back.identity()["dtype"] == precision


def test_mixed_precision_learns_as_single_does():
    layers = [{"type": "linear", "units": 16, "activation": "tanh"}, "linear"]
    adam = {"type": "adam", "learning_rate": 0.02}

    def accuracy(precision):
        written = document(layers, "circle", precision=precision, epochs=40, optimizer=adam)
        session = Session(plan(written))
        while not session.finished:
            session.advance()
        return session.evaluate("validation")["validation/accuracy"]

    assert accuracy("bfloat16") > 0.95
    assert accuracy("bfloat16") == pytest.approx(accuracy("float32"), abs=0.04)


def test_double_precision_needs_twice_the_memory():
    single, double = plan(everything()).totals, plan(everything(precision="float64")).totals
    assert double.training_bytes == 2 * single.training_bytes
