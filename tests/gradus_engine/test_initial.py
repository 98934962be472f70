"""Initialization: the distribution that each name stands for."""

import math

import numpy as np
import pytest
import torch

from gradus.plan import plan
from gradus_engine.build import build

INPUTS, UNITS = 300, 200


def started(init, inputs=INPUTS, units=UNITS):
    """Weight and bias of a linear layer that starts with `init`."""
    layer = {"type": "linear", "units": units, "init": init}
    network = build(plan({"spec": "nn/1", "network": {"input": [inputs], "layers": [layer]}}))
    return network.layers["linear_1"].weight.detach(), network.layers["linear_1"].bias.detach()


def uniform_within(bound):
    return bound / math.sqrt(3), bound


def normal(std):
    return std, math.inf


@pytest.mark.proves("E3.spread")
@pytest.mark.parametrize(
    ("init", "expected"),
    [
        ("torch", uniform_within(1 / math.sqrt(INPUTS))),
        ("xavier", uniform_within(math.sqrt(6 / (INPUTS + UNITS)))),
        ({"type": "xavier", "distribution": "normal"}, normal(math.sqrt(2 / (INPUTS + UNITS)))),
        ("he", normal(math.sqrt(2 / INPUTS))),
        ({"type": "he", "distribution": "uniform"}, uniform_within(math.sqrt(6 / INPUTS))),
        ({"type": "normal", "std": 0.2}, normal(0.2)),
        ({"type": "uniform", "low": -0.3, "high": 0.3}, uniform_within(0.3)),
    ],
)
def test_weights_have_the_spread_that_their_name_says(init, expected):
    std, bound = expected
    weight, _ = started(init)
    assert weight.std().item() == pytest.approx(std, rel=0.02)
    assert weight.mean().item() == pytest.approx(0, abs=4 * std / math.sqrt(weight.numel()))
    largest = weight.abs().max().item()
    assert 0.99 * bound < largest <= bound if math.isfinite(bound) else largest > 3 * std


@pytest.mark.proves("E3.spread")
def test_constant_and_zero_starts_are_exact():
    assert set(started("zeros")[0].flatten().tolist()) == {0.0}
    assert set(started({"type": "constant", "value": 0.25})[0].flatten().tolist()) == {0.25}


@pytest.mark.proves("E3.spread")
def test_biases_start_at_0_but_in_torch_s_own_start():
    for init in ("zeros", "xavier", "he", "orthogonal", {"type": "normal", "std": 1.0}):
        assert set(started(init)[1].tolist()) == {0.0}
    bias = started("torch")[1]
    assert 0.9 / math.sqrt(INPUTS) < bias.abs().max().item() <= 1 / math.sqrt(INPUTS)


@pytest.mark.proves("E3.spread")
@pytest.mark.parametrize(("inputs", "units"), [(8, 5), (5, 8)])
def test_orthogonal_rows_or_columns_have_length_1_and_right_angles(inputs, units):
    weight = started("orthogonal", inputs, units)[0].double().numpy()
    small = weight @ weight.T if units < inputs else weight.T @ weight
    np.testing.assert_allclose(small, np.eye(len(small)), atol=1e-6)


@pytest.mark.proves("E3.spread")
def test_a_kernel_s_fan_counts_its_whole_patch():
    layer = {"type": "conv2d", "filters": 64, "kernel": 5, "init": "he", "groups": 2}
    network = build(plan({"spec": "nn/1", "network": {"input": [16, 9, 9], "layers": [layer]}}))
    std = network.layers["conv2d_1"].weight.std().item()
    assert std == pytest.approx(math.sqrt(2 / (8 * 25)), rel=0.03)


def test_weight_and_bias_are_drawn_apart():
    weight, bias = started("torch", inputs=4, units=4)
    assert not torch.equal(weight[0], bias)
