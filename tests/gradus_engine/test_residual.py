"""Residual nets: a body added to what it reads, and a gradient that reaches the first layer."""

import numpy as np
import pytest
import torch

from gradus.plan import plan
from gradus_engine.build import build
from tests.gradus_engine.layers.reference import assert_equals, draw, network_of

DENSE = {"type": "linear", "units": 4, "activation": "tanh"}


@pytest.mark.proves("B8.bodies")
def test_a_dense_body_is_added_to_its_input():
    network = network_of([{"type": "residual", "body": [DENSE]}], (4,))
    weight, bias = (f"residual_1/linear_1.{name}" for name in ("weight", "bias"))
    assert_equals(network, lambda x, p: x + np.tanh(x @ p[weight].T + p[bias]), draw(3, 4))


@pytest.mark.proves("B8.bodies")
def test_a_convolutional_body_is_added_to_its_input():
    body = [{"type": "conv2d", "filters": 2, "kernel": 1, "bias": False}]
    network = network_of([{"type": "residual", "body": body}], (2, 3, 3))

    def formula(x, p):
        return x + np.einsum("fc,nchw->nfhw", p["residual_1/conv2d_1.weight"][:, :, 0, 0], x)

    assert_equals(network, formula, draw(2, 2, 3, 3))


@pytest.mark.proves("B8.bodies")
def test_an_activation_before_the_body_leaves_the_sum_as_it_is():
    body = ["relu", {"type": "linear", "units": 4, "bias": False}]
    network = network_of([{"type": "residual", "body": body}], (4,))

    def formula(x, p):
        return x + np.maximum(x, 0) @ p["residual_1/linear_1.weight"].T

    assert_equals(network, formula, draw(3, 4))


def share_of_the_first(body, depth=50):
    """Norm of the gradient in the first of `depth` layers, as a share of that in the last."""
    layers = [{"type": "linear", "units": 16}, *([body] * depth), {"type": "linear", "units": 1}]
    planned = plan({"spec": "nn/1", "network": {"input": [16], "layers": layers}})
    network = build(planned, seed=0)
    network(torch.from_numpy(draw(32, 16)).float()).square().mean().backward()
    norms = [
        p.grad.norm().item() for name, p in network.layers.named_parameters() if "weight" in name
    ]
    assert len(norms) == depth + 2
    return norms[1] / norms[depth]


@pytest.mark.proves("B8.gradient")
@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_through_50_residual_layers_the_gradient_reaches_the_first(activation):
    layer = {"type": "linear", "units": 16, "activation": activation}
    assert share_of_the_first(layer) < 1e-4
    assert 0.1 < share_of_the_first({"type": "residual", "body": [layer]}) < 1e3
