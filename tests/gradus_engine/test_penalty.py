"""L1 and L2."""

import pytest
import torch
from torch import nn

from gradus.plan import plan
from gradus_engine.flat import FlatParameters
from gradus_engine.penalty import penalize
from gradus_engine.session import Session
from tests.gradus_engine.documents import toy


@pytest.mark.proves("E2.l1", "E2.l2")
def test_a_penalty_and_its_gradient_are_those_of_the_formula():
    layer = nn.Linear(3, 2).double()
    flat = FlatParameters(layer.named_parameters())
    value = penalize(flat, 0.1, 0.4)
    weight = layer.weight.detach().clone().requires_grad_()
    expected = 0.1 * weight.abs().sum() + 0.5 * 0.4 * weight.square().sum()
    expected.backward()
    assert value.item() == pytest.approx(expected.item())
    torch.testing.assert_close(layer.weight.grad, weight.grad)


@pytest.mark.proves("E2.l1", "E2.l2")
def test_a_bias_is_not_pulled_towards_0():
    layer = nn.Linear(3, 2)
    flat = FlatParameters(layer.named_parameters())
    penalize(flat, 1.0, 1.0)
    assert layer.bias.grad.tolist() == [0, 0]


@pytest.mark.proves("E2.l2")
def test_l2_leaves_smaller_weights():
    def size(**settings):
        session = Session(plan(toy(epochs=30, **settings)))
        while not session.finished:
            session.advance()
        return session.flat.weights.square().sum().item()

    assert size(l2=0.05) < 0.8 * size()
    assert size(l1=0.02) < 0.8 * size()
