"""Normalizations against their published formulas."""

import numpy as np
import pytest
import torch

from tests.gradus_engine.layers.reference import assert_equals, draw, network_of

EPS = 1e-5


def shaped(values, x):
    return values.reshape(1, -1, *[1] * (x.ndim - 2))


def of_batch(x, p):
    axes = (0, *range(2, x.ndim))
    mean, variance = x.mean(axis=axes, keepdims=True), x.var(axis=axes, keepdims=True)
    normal = (x - mean) / np.sqrt(variance + EPS)
    return normal * shaped(p["batch_norm_1.weight"], x) + shaped(p["batch_norm_1.bias"], x)


def with_random_scale(network):
    layer = network.layers["batch_norm_1"]
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(draw(len(layer.weight), seed=5)))
        layer.bias.copy_(torch.from_numpy(draw(len(layer.bias), seed=6)))
    return network


@pytest.mark.proves("B3.batch")
def test_training_normalizes_by_the_batch():
    network = with_random_scale(network_of(["batch_norm"], (3,)))
    assert_equals(network.train(), of_batch, draw(6, 3))


@pytest.mark.proves("B3.batch")
def test_a_picture_is_normalized_by_channel():
    network = with_random_scale(network_of(["batch_norm"], (2, 3, 4)))
    assert_equals(network.train(), of_batch, draw(3, 2, 3, 4))


@pytest.mark.proves("B3.running")
def test_running_statistics_follow_the_batches_and_serve_inference():
    network = with_random_scale(network_of([{"type": "batch_norm", "momentum": 0.3}], (3,)))
    mean, variance = np.zeros(3), np.ones(3)
    for seed in range(3):
        x = draw(5, 3, seed=seed)
        network.train()(torch.from_numpy(x))
        mean = 0.7 * mean + 0.3 * x.mean(axis=0)
        variance = 0.7 * variance + 0.3 * x.var(axis=0, ddof=1)
    layer = network.layers["batch_norm_1"]
    np.testing.assert_allclose(layer.running_mean.numpy(), mean, rtol=1e-12)
    np.testing.assert_allclose(layer.running_var.numpy(), variance, rtol=1e-12)

    def of_running(x, p):
        normal = (x - mean) / np.sqrt(variance + EPS)
        return normal * p["batch_norm_1.weight"] + p["batch_norm_1.bias"]

    assert_equals(network.eval(), of_running, draw(4, 3, seed=9))


@pytest.mark.proves("B3.running")
def test_inference_leaves_the_running_statistics_alone():
    network = network_of(["batch_norm"], (3,)).eval()
    before = {name: value.clone() for name, value in network.layers.state_dict().items()}
    network(torch.from_numpy(draw(4, 3)))
    after = network.layers.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)


@pytest.mark.proves("B3.running")
def test_one_value_a_channel_is_normalized_by_the_running_statistics():
    network = network_of(["batch_norm"], (3,)).train()
    x = draw(1, 3)
    np.testing.assert_allclose(
        network(torch.from_numpy(x)).detach().numpy(), x / np.sqrt(1 + EPS), rtol=1e-12
    )
    assert network.layers["batch_norm_1"].running_mean.tolist() == [0, 0, 0]


@pytest.mark.proves("B3.batch")
def test_normalization_may_go_without_scale_and_shift():
    network = network_of([{"type": "batch_norm", "affine": False, "activation": "relu"}], (3,))
    assert not list(network.parameters())
    plain = {"batch_norm_1.weight": np.ones(3), "batch_norm_1.bias": np.zeros(3)}
    assert_equals(network.train(), lambda x, p: np.maximum(0, of_batch(x, plain)), draw(6, 3))


def scaled(network, name):
    layer = network.layers[name]
    with torch.no_grad():
        for seed, values in ((5, layer.weight), (6, layer.bias)):
            values.copy_(torch.from_numpy(draw(*values.shape, seed=seed)))
    return network


@pytest.mark.proves("B3.layer")
@pytest.mark.parametrize(
    ("fields", "shape", "axes"),
    [
        ({}, (7,), (1,)),
        ({}, (4, 3), (2,)),
        ({}, (2, 3, 2), (1, 2, 3)),
        ({"axes": 2}, (2, 3), (1, 2)),
    ],
)
def test_layer_normalization_takes_each_sample_by_itself(fields, shape, axes):
    network = scaled(network_of([{"type": "layer_norm", **fields}], shape), "layer_norm_1")

    def formula(x, p):
        mean, variance = x.mean(axis=axes, keepdims=True), x.var(axis=axes, keepdims=True)
        normal = (x - mean) / np.sqrt(variance + EPS)
        return normal * p["layer_norm_1.weight"] + p["layer_norm_1.bias"]

    assert_equals(network, formula, draw(3, *shape))


@pytest.mark.proves("B3.layer")
@pytest.mark.parametrize("groups", [1, 2, 4])
def test_group_normalization_takes_groups_of_channels(groups):
    layer = {"type": "group_norm", "groups": groups, "activation": "tanh"}
    network = scaled(network_of([layer], (4, 2, 3)), "group_norm_1")

    def formula(x, p):
        parts = x.reshape(len(x), groups, -1)
        mean, variance = parts.mean(axis=2, keepdims=True), parts.var(axis=2, keepdims=True)
        normal = ((parts - mean) / np.sqrt(variance + EPS)).reshape(x.shape)
        scale, shift = p["group_norm_1.weight"], p["group_norm_1.bias"]
        return np.tanh(normal * shaped(scale, x) + shaped(shift, x))

    assert_equals(network, formula, draw(3, 4, 2, 3))


RESPONSE = {"type": "local_response_norm", "size": 3, "alpha": 0.3, "beta": 0.6, "k": 1.5}


@pytest.mark.proves("B3.between")
def test_local_response_normalization_between_channels_clips_its_sums_at_the_ends():
    def formula(x, p):
        y = np.empty_like(x)
        for c in range(x.shape[1]):
            near = x[:, max(0, c - 1) : c + 2]
            y[:, c] = x[:, c] / (1.5 + 0.3 * (near**2).sum(axis=1)) ** 0.6
        return y

    assert_equals(network_of([RESPONSE], (4, 2, 3)), formula, draw(2, 4, 2, 3))


@pytest.mark.proves("B3.within")
def test_local_response_normalization_within_a_channel_clips_its_sums_at_the_borders():
    def formula(x, p):
        y = np.empty_like(x)
        for i in range(x.shape[2]):
            for j in range(x.shape[3]):
                near = x[:, :, max(0, i - 1) : i + 2, max(0, j - 1) : j + 2]
                total = (near**2).sum(axis=(2, 3))
                y[:, :, i, j] = x[:, :, i, j] / (1.5 + 0.3 * total) ** 0.6
        return y

    network = network_of([{**RESPONSE, "across": "within"}], (2, 4, 3))
    assert_equals(network, formula, draw(2, 2, 4, 3))


@pytest.mark.proves("B3.alpha")
def test_torch_divides_alpha_by_the_number_of_neighbours():
    network = network_of([{**RESPONSE, "size": 5, "alpha": 0.2 / 5}], (6, 2, 2))
    x = torch.from_numpy(draw(2, 6, 2, 2))
    theirs = torch.nn.functional.local_response_norm(x, 5, alpha=0.2, beta=0.6, k=1.5)
    torch.testing.assert_close(network(x), theirs)
