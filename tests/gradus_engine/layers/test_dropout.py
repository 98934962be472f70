"""Dropout."""

import numpy as np
import pytest
import torch

from tests.gradus_engine.layers.reference import assert_equals, draw, network_of


def outputs(network, step, x):
    network.moment.step = step
    return network(x)


@pytest.mark.proves("B4.expectation")
@pytest.mark.parametrize("rate", [0.2, 0.5, 0.9])
def test_what_is_kept_is_scaled_so_that_the_expectation_is_the_input(rate):
    network = network_of([{"type": "dropout", "rate": rate}], (1000,)).train()
    x = torch.ones(20, 1000, dtype=torch.float64)
    y = outputs(network, 1, x)
    kept = y != 0
    assert kept.double().mean().item() == pytest.approx(1 - rate, abs=0.02)
    np.testing.assert_allclose(y[kept].numpy(), 1 / (1 - rate), rtol=1e-12)
    assert y.mean().item() == pytest.approx(1, abs=0.1)


@pytest.mark.proves("B4.expectation")
def test_inference_changes_nothing():
    network = network_of([{"type": "dropout", "rate": 0.5}], (6,)).eval()
    assert_equals(network, lambda x, p: x, draw(4, 6))


@pytest.mark.proves("B4")
def test_the_gradient_flows_where_the_unit_was_kept():
    network = network_of([{"type": "dropout", "rate": 0.5}], (50,)).train()
    x = torch.ones(2, 50, dtype=torch.float64, requires_grad=True)
    y = outputs(network, 3, x)
    y.sum().backward()
    assert torch.equal(x.grad, y.detach())


def test_a_mask_follows_from_seed_layer_and_step_alone():
    layers = [{"type": "dropout", "name": "a"}, {"type": "dropout", "name": "b"}]
    network = network_of(layers, (200,)).train()
    x = torch.ones(1, 200, dtype=torch.float64)
    network.moment.step = 7
    first = network.outputs(x)
    network.moment.step = 8
    assert not torch.equal(network.outputs(x)["a"], first["a"])
    network.moment.step = 7
    assert torch.equal(network.outputs(x)["a"], first["a"])
    assert not torch.equal(network.layers["b"](x), first["a"])


def test_a_rate_of_0_keeps_everything():
    network = network_of([{"type": "dropout", "rate": 0}], (6,)).train()
    assert_equals(network, lambda x, p: x, draw(4, 6))


@pytest.mark.proves("B4.spatial")
def test_spatial_dropout_switches_whole_maps_off():
    network = network_of([{"type": "dropout2d", "rate": 0.4}], (500, 3, 2)).train()
    y = outputs(network, 1, torch.ones(8, 500, 3, 2, dtype=torch.float64))
    maps = y.flatten(2)
    assert torch.equal(maps.amin(2), maps.amax(2))
    assert (maps[:, :, 0] == 0).double().mean().item() == pytest.approx(0.4, abs=0.03)
    assert y.mean().item() == pytest.approx(1, abs=0.05)
    x = torch.from_numpy(draw(2, 500, 3, 2))
    assert torch.equal(network.eval()(x), x)


def test_noise_is_normal_and_only_there_while_training():
    network = network_of([{"type": "gaussian_noise", "std": 0.3}], (4000,)).train()
    x = torch.zeros(5, 4000, dtype=torch.float64)
    noise = outputs(network, 2, x)
    assert noise.std().item() == pytest.approx(0.3, rel=0.03)
    assert noise.mean().item() == pytest.approx(0, abs=0.01)
    assert torch.equal(noise, outputs(network, 2, x))
    assert not torch.equal(noise, outputs(network, 3, x))
    assert torch.equal(network.eval()(x), x)


@pytest.mark.proves("B4.rescaled")
def test_without_rescaling_a_prediction_is_too_large_by_the_share_that_is_kept():
    rate = 0.2
    layers = [{"type": "dropout", "rate": rate}, {"type": "linear", "units": 1, "bias": False}]
    network = network_of(layers, (500,))
    x = torch.from_numpy(np.abs(draw(1, 500)))
    torch.nn.init.ones_(network.layers["linear_1"].weight)
    # Masks alone, as they were before their scaling: units are off or as they are.
    masked = [outputs(network.train(), step, x).item() * (1 - rate) for step in range(1, 301)]
    predicted = network.eval()(x).item()
    assert np.mean(masked) / predicted == pytest.approx(1 - rate, rel=0.01)
